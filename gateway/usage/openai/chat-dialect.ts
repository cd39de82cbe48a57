import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { asArray, isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { errorShape, openaiCommon } from './openai-dialect.ts';

const deltaShape = {
  content: 'sign',
  refusal: 'sign',
  reasoning: 'sign',
  reasoning_content: 'sign',
  tool_calls: 'sign',
  function_call: 'sign',
  audio: 'sign',
} as const;
const deltaMembers = Object.keys(deltaShape);

/** Chat completions; also serves the surfaces whose answers look alike (completions, embeddings, images, audio, moderations). */
export function chatDialect(hidesReasoning: boolean): Dialect {
  return {
    ...openaiCommon(hidesReasoning),
    responseShape: {
      model: 'keep',
      service_tier: 'keep',
      usage: 'keep',
      choices: { finish_reason: 'keep', text: 'sign', delta: deltaShape },
      error: errorShape,
    },
    readBody: readChat,
    readEvent(event, draft, atMs) {
      if (draft.ttftMs === null && asArray(event['choices']).some(hasGenerated)) noteToken(draft, atMs);
      readChat(event, draft);
    },
    skipEvent: (data, _name, draft) => draft.ttftMs !== null && draft.model !== null && !tellsMore(data),
  };
}

const someUsage = /"usage"\s*:\s*\{/;
const someFinish = /"finish_reason"\s*:\s*"/;
/** Most chunks of a stream carry one more piece of text and `usage: null`. A false alarm here only costs one parse. */
function tellsMore(data: string): boolean {
  return someFinish.test(data) || someUsage.test(data) || data.includes('"error"');
}

/** The first chunk only names the role: an empty `content` is no token. */
function hasGenerated(choice: unknown): boolean {
  if (!isObject(choice)) return false;
  if (isPresent(choice['text'])) return true;
  const delta = choice['delta'];
  return isObject(delta) && deltaMembers.some((member) => isPresent(delta[member]));
}

function readChat(body: JsonObject, draft: Draft): void {
  draft.model = modelOf(body['model']) ?? draft.model;
  draft.serviceTier = symbolOf(body['service_tier']) ?? draft.serviceTier;
  mergeUsage(draft, body['usage']);
  for (const choice of asArray(body['choices'])) {
    if (isObject(choice)) draft.finishReason = symbolOf(choice['finish_reason']) ?? draft.finishReason;
    if (draft.finishReason === 'content_filter') draft.outcomeHint = 'blocked';
  }
}
