import type { Dialect } from '../adapter.ts';
import type { Draft } from '../draft.ts';
import { labelOf, modelOf, type JsonObject } from '../json-value.ts';
import { firstSymbol } from '../plain-dialect.ts';
import { noCounts } from '../usage-counts.ts';
import { openaiCounts } from './openai-usage.ts';

/** What all OpenAI surfaces share. `hidesReasoning`: see openai-usage.ts. */
export function openaiCommon(
  hidesReasoning: boolean,
): Pick<Dialect, 'requestShape' | 'readRequest' | 'errorCode' | 'counts'> {
  return {
    requestShape: { model: 'keep', stream: 'keep', user: 'keep', safety_identifier: 'keep' },
    readRequest,
    errorCode: openaiErrorCode,
    counts: ({ nativeUsage }) => (nativeUsage === null ? noCounts : openaiCounts(nativeUsage, hidesReasoning)),
  };
}

/** `safety_identifier` replaces `user` (openai package, ChatCompletionCreateParams). */
function readRequest(body: JsonObject, draft: Draft): void {
  draft.modelRequested = modelOf(body['model']) ?? draft.modelRequested;
  draft.streamed ||= body['stream'] === true;
  draft.bodyUser = labelOf(body['user']) ?? labelOf(body['safety_identifier']);
}

/** `code` is the precise one and may be null; Google's compatible endpoint puts its own `status`. */
export const openaiErrorCode = (error: JsonObject): string | null =>
  firstSymbol(error['code'], error['status'], error['type']);

export const errorShape = { code: 'keep', status: 'keep', type: 'keep' } as const;
