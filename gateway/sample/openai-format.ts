/** OpenAI `chat.completions`: usage in the whole answer, or as one extra chunk when `stream_options.include_usage` asks for it. */
import type { AnswerPlan } from './answer-plan.ts';
import { sseData, textOf, type SampleRequest, type WireFormat } from './wire-format.ts';

export const openaiFormat: WireFormat = {
  matches: (path) => path === '/v1/chat/completions',
  modelOf: (request) => textOf(request.body['model'], 'gpt-6-luna'),
  thinks: (model) => /^(gpt-[5-9]|o\d)/.test(model),
  streams: (request) => request.body['stream'] === true,
  streamType: () => 'text/event-stream; charset=utf-8',
  streamParts,
  whole: (plan) => ({
    ...envelope(plan, 'chat.completion'),
    choices: [{ index: 0, message: { role: 'assistant', content: plan.words.join('') }, finish_reason: finish(plan) }],
    usage: usage(plan),
  }),
  error: (kind) =>
    kind === 'rate_limited'
      ? {
          status: 429,
          body: {
            error: {
              message: 'Rate limit reached for the sample organisation.',
              type: 'requests',
              param: null,
              code: 'rate_limit_exceeded',
            },
          },
        }
      : {
          status: 500,
          body: {
            error: { message: 'The sample server had an error.', type: 'server_error', param: null, code: null },
          },
        },
};

function streamParts(plan: AnswerPlan, request: SampleRequest) {
  const chunk = (delta: unknown, finishReason: string | null = null) =>
    sseData({
      ...envelope(plan, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, finish_reason: finishReason }],
      usage: null,
    });
  const usageChunk = sseData({ ...envelope(plan, 'chat.completion.chunk'), choices: [], usage: usage(plan) });
  return {
    opening: chunk({ role: 'assistant', content: '' }),
    tokens: plan.words.map((content) => chunk({ content })),
    closing: chunk({}, finish(plan)) + (wantsUsage(request) ? usageChunk : '') + 'data: [DONE]\n\n',
  };
}

function wantsUsage(request: SampleRequest): boolean {
  const options = request.body['stream_options'];
  return (
    typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true
  );
}

const finish = (plan: AnswerPlan) => (plan.fate === 'blocked' ? 'content_filter' : 'stop');

function envelope(plan: AnswerPlan, object: string) {
  return {
    id: `chatcmpl-${plan.id}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: plan.model,
    service_tier: 'default',
  };
}

function usage(plan: AnswerPlan) {
  const completion = plan.visibleTokens + plan.reasoningTokens;
  return {
    prompt_tokens: plan.inputTokens,
    completion_tokens: completion,
    total_tokens: plan.inputTokens + completion,
    prompt_tokens_details: { cached_tokens: plan.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: plan.reasoningTokens, audio_tokens: 0 },
  };
}
