import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { errorShape, openaiCommon, openaiErrorCode } from './openai-dialect.ts';

const resultShape = {
  model: 'keep',
  service_tier: 'keep',
  status: 'keep',
  usage: 'keep',
  incomplete_details: 'keep',
  error: errorShape,
} as const;

/** Responses API: usage stands in `response.completed`, `response.incomplete` and `response.failed`, inside the `response` member. */
export function responsesDialect(hidesReasoning: boolean): Dialect {
  return {
    ...openaiCommon(hidesReasoning),
    responseShape: {
      ...resultShape,
      type: 'keep',
      code: 'keep',
      delta: 'sign',
      partial_image_b64: 'sign',
      response: resultShape,
    },
    readBody: readResult,
    readEvent(event, draft, atMs) {
      if (isGenerated(event)) noteToken(draft, atMs);
      if (event['type'] === 'error') readErrorEvent(event, draft);
      const result = event['response'];
      if (!isObject(result)) return;
      if (isObject(result['error'])) draft.errorCode = openaiErrorCode(result['error']) ?? draft.errorCode;
      readResult(result, draft);
    },
    skipEvent: (_data, name, draft) => draft.ttftMs !== null && name !== undefined && !tellsMore.has(name),
  };
}

/** Every other event is a piece of the answer. An event without a name is parsed. */
const tellsMore = new Set([
  'error',
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Text, reasoning, refusal, arguments, code, audio or an image: every `response.….delta` that brings something. */
function isGenerated(event: JsonObject): boolean {
  const type = event['type'];
  if (typeof type !== 'string' || !type.startsWith('response.')) return false;
  return type.endsWith('.delta') ? isPresent(event['delta']) : isPresent(event['partial_image_b64']);
}

function readErrorEvent(event: JsonObject, draft: Draft): void {
  draft.outcomeHint = 'upstream_error';
  draft.errorCode = symbolOf(event['code']) ?? draft.errorCode;
}

const ends = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

function readResult(result: JsonObject, draft: Draft): void {
  draft.model = modelOf(result['model']) ?? draft.model;
  draft.serviceTier = symbolOf(result['service_tier']) ?? draft.serviceTier;
  mergeUsage(draft, result['usage']);
  const status = symbolOf(result['status']);
  if (status === null || !ends.has(status)) return;
  const details = result['incomplete_details'];
  const reason = isObject(details) ? symbolOf(details['reason']) : null;
  draft.finishReason = reason ?? status;
  if (reason === 'content_filter') draft.outcomeHint = 'blocked';
  if (status === 'failed') draft.outcomeHint = 'upstream_error';
}
