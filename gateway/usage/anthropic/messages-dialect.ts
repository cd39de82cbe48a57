import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { isObject, labelOf, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { firstSymbol } from '../plain-dialect.ts';
import { noCounts } from '../usage-counts.ts';
import { anthropicCounts } from './anthropic-usage.ts';

export const anthropicErrorCode = (error: JsonObject): string | null => firstSymbol(error['type'], error['code']);

const messageShape = { model: 'keep', stop_reason: 'keep', usage: 'keep' } as const;

/**
 * Messages API. A stream brings usage in `message_start.message.usage` and again, cumulative, in each `message_delta.usage`; with server tools
 * the later ones raise input and cache counts as well.
 */
export const messagesDialect: Dialect = {
  requestShape: { model: 'keep', stream: 'keep', metadata: { user_id: 'keep' } },
  responseShape: {
    ...messageShape,
    type: 'keep',
    message: messageShape,
    delta: { stop_reason: 'keep' },
    error: { type: 'keep', code: 'keep' },
  },
  readRequest(body, draft) {
    draft.modelRequested ??= modelOf(body['model']);
    draft.streamed ||= body['stream'] === true;
    if (isObject(body['metadata'])) draft.bodyUser = labelOf(body['metadata']['user_id']);
  },
  readBody: readMessage,
  readEvent(event, draft, atMs) {
    if (event['type'] === 'content_block_delta') noteToken(draft, atMs);
    if (isObject(event['message'])) readStart(event['message'], draft);
    mergeUsage(draft, event['usage']);
    if (isObject(event['delta'])) readStop(event['delta'], draft);
  },
  skipEvent: (_data, name, draft) =>
    name !== undefined && skippable.has(name) && (name !== 'content_block_delta' || draft.ttftMs !== null),
  errorCode: anthropicErrorCode,
  counts: ({ nativeUsage }) => (nativeUsage === null ? noCounts : anthropicCounts(nativeUsage)),
};

const skippable = new Set(['content_block_delta', 'content_block_start', 'content_block_stop', 'ping', 'message_stop']);

/**
 * At the start of a stream `output_tokens` stands for what is to come (1, or a few). Kept as a count it would be the whole answer of a call
 * that the client left (https://github.com/maximhq/bifrost/pull/3709): the output stays unknown until a `message_delta` tells it.
 */
function readStart(message: JsonObject, draft: Draft): void {
  const { usage } = message;
  readMessage(isObject(usage) ? { ...message, usage: { ...usage, output_tokens: null } } : message, draft);
}

function readMessage(message: JsonObject, draft: Draft): void {
  draft.model = modelOf(message['model']) ?? draft.model;
  mergeUsage(draft, message['usage']);
  readTier(draft);
  readStop(message, draft);
}

/** Fast mode has a price of its own, like a tier (Usage.speed). */
function readTier(draft: Draft): void {
  if (draft.nativeUsage === null) return;
  const isFast = draft.nativeUsage['speed'] === 'fast';
  draft.serviceTier = isFast ? 'fast' : (symbolOf(draft.nativeUsage['service_tier']) ?? draft.serviceTier);
}

function readStop(holder: JsonObject, draft: Draft): void {
  draft.finishReason = symbolOf(holder['stop_reason']) ?? draft.finishReason;
  if (draft.finishReason === 'refusal') draft.outcomeHint = 'blocked';
}
