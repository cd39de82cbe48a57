/** Gemini `generateContent` / `streamGenerateContent`, SSE with `alt=sse`, else one JSON array (PROVIDERS.md §2). */
import type { AnswerPlan } from './answer-plan.ts';
import { sseData, type SampleRequest, type WireFormat } from './wire-format.ts';

const pathPattern = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

export const geminiFormat: WireFormat = {
  matches: (path) => pathPattern.test(path),
  modelOf: (request) => pathPattern.exec(request.path)?.[1] ?? 'gemini-3.8-flash',
  thinks: (model) => !model.includes('lite'),
  streams: (request) => request.path.endsWith(':streamGenerateContent'),
  streamType: (request) => (isSse(request) ? 'text/event-stream' : 'application/json; charset=UTF-8'),
  streamParts,
  whole: (plan) => (plan.fate === 'blocked' ? blocked(plan) : response(plan, plan.words.join(''), true)),
  error: (kind) =>
    kind === 'rate_limited'
      ? {
          status: 429,
          body: {
            error: { code: 429, message: 'Quota exceeded for this sample project.', status: 'RESOURCE_EXHAUSTED' },
          },
        }
      : {
          status: 503,
          body: { error: { code: 503, message: 'The sample model is overloaded.', status: 'UNAVAILABLE' } },
        },
};

const isSse = (request: SampleRequest) => request.query.get('alt') === 'sse';

function streamParts(plan: AnswerPlan, request: SampleRequest) {
  if (plan.fate === 'blocked') return frame([blocked(plan)], isSse(request));
  const last = plan.words.length - 1;
  return frame(
    plan.words.map((word, index) => response(plan, word, index === last)),
    isSse(request),
  );
}

function frame(events: readonly unknown[], sse: boolean) {
  if (sse) return { opening: '', tokens: events.map(sseData), closing: '' };
  return {
    opening: '[',
    tokens: events.map((event, index) => (index === 0 ? '' : ',\r\n') + JSON.stringify(event, null, 2)),
    closing: ']\n',
  };
}

function response(plan: AnswerPlan, text: string, isLast: boolean) {
  return {
    candidates: [
      { content: { role: 'model', parts: [{ text }] }, index: 0, ...(isLast ? { finishReason: 'STOP' } : {}) },
    ],
    usageMetadata: isLast ? usage(plan) : { promptTokenCount: plan.inputTokens, totalTokenCount: plan.inputTokens },
    modelVersion: plan.model,
    responseId: plan.id,
  };
}

function blocked(plan: AnswerPlan) {
  return {
    promptFeedback: { blockReason: 'SAFETY' },
    usageMetadata: { promptTokenCount: plan.inputTokens, totalTokenCount: plan.inputTokens },
    modelVersion: plan.model,
    responseId: plan.id,
  };
}

function usage(plan: AnswerPlan) {
  return {
    promptTokenCount: plan.inputTokens,
    candidatesTokenCount: plan.visibleTokens,
    totalTokenCount: plan.inputTokens + plan.visibleTokens + plan.reasoningTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: plan.inputTokens }],
    ...(plan.cachedTokens > 0
      ? {
          cachedContentTokenCount: plan.cachedTokens,
          cacheTokensDetails: [{ modality: 'TEXT', tokenCount: plan.cachedTokens }],
        }
      : {}),
    ...(plan.reasoningTokens > 0 ? { thoughtsTokenCount: plan.reasoningTokens } : {}),
  };
}
