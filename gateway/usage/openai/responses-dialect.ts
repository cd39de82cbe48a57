import type { Dialect } from '../adapter.ts';
import { countOnce, mergeUsage, noteToken, type Draft } from '../draft.ts';
import { asArray, idOf, isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { noCounts, withUnits } from '../usage-counts.ts';
import { errorShape, openaiCommon, openaiErrorCode } from './openai-dialect.ts';
import { openaiCounts } from './openai-usage.ts';

const itemShape = { type: 'keep', id: 'keep', status: 'keep', action: { type: 'keep' } } as const;
const resultShape = {
  id: 'keep',
  model: 'keep',
  service_tier: 'keep',
  status: 'keep',
  usage: 'keep',
  incomplete_details: 'keep',
  output: itemShape,
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
      item: itemShape,
      response: resultShape,
    },
    readBody: readResult,
    readEvent(event, draft, atMs) {
      if (isGenerated(event)) noteToken(draft, atMs);
      if (event['type'] === 'error') readErrorEvent(event, draft);
      if (event['type'] === 'response.output_item.done') countItem(event['item'], draft);
      const result = event['response'];
      if (!isObject(result)) return;
      if (isObject(result['error'])) draft.errorCode = openaiErrorCode(result['error']) ?? draft.errorCode;
      readResult(result, draft);
    },
    skipEvent: (_data, name, draft) => draft.ttftMs !== null && name !== undefined && !tellsMore.has(name),
    counts(draft) {
      const counts = draft.nativeUsage === null ? noCounts : openaiCounts(draft.nativeUsage, hidesReasoning);
      return withUnits(counts, draft.units, 'derived');
    },
    job: { role: 'starts', surface: 'responses' },
  };
}

/** Reading or cancelling a response: brings the usage of one that ran in the background. */
export function responsePollDialect(hidesReasoning: boolean): Dialect {
  return {
    ...responsesDialect(hidesReasoning),
    requestShape: null,
    job: { role: 'collects', surface: 'responses' },
  };
}

/** Every other event is a piece of the answer. An event without a name is parsed. */
const tellsMore = new Set([
  'error',
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.done',
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

/** Tool calls that have a price of their own. Opening or scanning a page that was found is part of the search (ResponseFunctionWebSearch). */
function countItem(item: unknown, draft: Draft): void {
  if (!isObject(item) || typeof item['id'] !== 'string' || item['status'] === 'failed') return;
  const action = isObject(item['action']) ? item['action']['type'] : undefined;
  if (item['type'] === 'web_search_call' && (action === undefined || action === 'search'))
    countOnce(draft, 'webSearches', item['id']);
  if (item['type'] === 'file_search_call') countOnce(draft, 'fileSearches', item['id']);
  if (item['type'] === 'image_generation_call') countOnce(draft, 'images', item['id']);
}

function readErrorEvent(event: JsonObject, draft: Draft): void {
  draft.outcomeHint = 'upstream_error';
  draft.errorCode = symbolOf(event['code']) ?? draft.errorCode;
}

const ends = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

function readResult(result: JsonObject, draft: Draft): void {
  draft.jobId ??= idOf(result['id']);
  draft.model = modelOf(result['model']) ?? draft.model;
  draft.serviceTier = symbolOf(result['service_tier']) ?? draft.serviceTier;
  mergeUsage(draft, result['usage']);
  const status = symbolOf(result['status']);
  if (status === null || !ends.has(status)) return;
  for (const item of asArray(result['output'])) countItem(item, draft);
  const details = result['incomplete_details'];
  const reason = isObject(details) ? symbolOf(details['reason']) : null;
  draft.finishReason = reason ?? status;
  if (reason === 'content_filter') draft.outcomeHint = 'blocked';
  if (status === 'failed') draft.outcomeHint = 'upstream_error';
}
