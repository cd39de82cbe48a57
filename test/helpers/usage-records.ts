/** Usage records for tests: a plain successful Gemini call, with what a test says otherwise. */
import type { InFlightCall } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';

let made = 0;

export function usageRecord(fields: Partial<UsageRecord> = {}): UsageRecord {
  made += 1;
  return {
    callId: `019aa000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`,
    streamId: 'install:epoch',
    seq: made,
    startedAt: new Date().toISOString(),
    upstream: 'gemini',
    provider: 'google',
    surface: 'generateContent',
    method: 'POST',
    endpoint: '/v1beta/models/{model}:generateContent',
    statusCode: 200,
    outcome: 'ok',
    errorCode: null,
    finishReason: 'STOP',
    durationMs: 120,
    firstByteMs: 80,
    ttftMs: 90,
    overheadMs: 0.4,
    requestBytes: 100,
    responseBytes: 200,
    streamed: false,
    modelRequested: 'gemini-2.5-flash',
    model: 'gemini-2.5-flash',
    serviceTier: null,
    inputTokens: 10,
    cachedInputTokens: 0,
    cacheWriteTokens: null,
    toolInputTokens: null,
    outputTokens: 5,
    reasoningTokens: 0,
    modalities: null,
    units: null,
    totalTokens: 15,
    usageSource: 'reported',
    usageMismatch: false,
    costUsd: 0.001,
    costSource: 'list',
    priceVersion: 'test',
    sessionId: null,
    userId: null,
    keyId: null,
    client: null,
    tags: {},
    idempotencyId: null,
    attempt: null,
    ...fields,
  };
}

export function inFlightCall(fields: Partial<InFlightCall> = {}): InFlightCall {
  const {
    callId,
    startedAt,
    upstream,
    provider,
    surface,
    method,
    endpoint,
    modelRequested,
    keyId,
    userId,
    sessionId,
    client,
    streamed,
    ttftMs,
    tags,
  } = usageRecord();
  return {
    callId,
    startedAt,
    upstream,
    provider,
    surface,
    method,
    endpoint,
    modelRequested,
    keyId,
    userId,
    sessionId,
    client,
    streamed,
    ttftMs,
    tags,
    ...fields,
  };
}
