/** Anthropic `messages`: input in message_start, cumulative output in message_delta; `input_tokens` excludes the cache (PROVIDERS.md §4). */
import type { AnswerPlan } from './answer-plan.ts';
import { sseEvent, textOf, type WireFormat } from './wire-format.ts';

export const anthropicFormat: WireFormat = {
  matches: (path) => path === '/v1/messages',
  modelOf: (request) => textOf(request.body['model'], 'claude-sonnet-5'),
  thinks: () => false,
  streams: (request) => request.body['stream'] === true,
  streamType: () => 'text/event-stream; charset=utf-8',
  streamParts,
  whole: (plan) => ({
    ...message(plan),
    content: [{ type: 'text', text: plan.words.join('') }],
    stop_reason: stopReason(plan),
    usage: usage(plan, plan.visibleTokens),
  }),
  error: (kind) =>
    kind === 'rate_limited'
      ? {
          status: 429,
          body: { type: 'error', error: { type: 'rate_limit_error', message: 'Sample rate limit reached.' } },
        }
      : {
          status: 529,
          body: { type: 'error', error: { type: 'overloaded_error', message: 'The sample model is overloaded.' } },
        },
};

function streamParts(plan: AnswerPlan) {
  const start = sseEvent('message_start', {
    type: 'message_start',
    message: { ...message(plan), content: [], stop_reason: null, usage: usage(plan, 1) },
  });
  const block = sseEvent('content_block_start', {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'text', text: '' },
  });
  return {
    opening: start + block + sseEvent('ping', { type: 'ping' }),
    tokens: plan.words.map((text) =>
      sseEvent('content_block_delta', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    ),
    closing:
      sseEvent('content_block_stop', { type: 'content_block_stop', index: 0 }) +
      sseEvent('message_delta', {
        type: 'message_delta',
        delta: { stop_reason: stopReason(plan), stop_sequence: null },
        usage: { output_tokens: plan.visibleTokens },
      }) +
      sseEvent('message_stop', { type: 'message_stop' }),
  };
}

const stopReason = (plan: AnswerPlan) => (plan.fate === 'blocked' ? 'refusal' : 'end_turn');

function message(plan: AnswerPlan) {
  return { id: `msg_${plan.id}`, type: 'message', role: 'assistant', model: plan.model, stop_sequence: null };
}

function usage(plan: AnswerPlan, outputTokens: number) {
  return {
    input_tokens: plan.inputTokens - plan.cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: plan.cachedTokens,
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}
