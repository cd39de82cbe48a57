import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UsageRecord } from '../../../contract/usage-record.ts';
import type { ExchangeEnd } from '../../../gateway/proxy/exchange.ts';
import { answer, complete, event, finish, json, setUp, sse, streamHead } from './meter-kit.ts';
import { createRecorders, requestHead } from './recorders.ts';

describe('a call that ends well', () => {
  it('is opened at once, closed when it ends, and shown live with its place in the journal', async () => {
    const meter = setUp();
    const observer = meter.open(requestHead());
    expect(meter.told).toEqual(['open', 'started']);
    expect(meter.opened[0]).toMatchObject({
      outcome: 'interrupted',
      statusCode: null,
      durationMs: null,
      modelRequested: 'gemini-2.5-flash',
      client: 'curl/8.5.0',
    });
    observer.requestBody(Buffer.from('{"contents":[]}'));
    observer.responseHead({ statusCode: 200, headers: json }, 3);
    observer.responseBody(answer, 4);
    await finish(observer);
    expect(meter.told).toEqual(['open', 'started', 'close', 'ended']);
    expect(meter.closed[0]).toMatchObject({
      callId: requestHead().callId,
      startedAt: '2026-11-20T10:00:00.123Z',
      upstream: 'gemini',
      provider: 'google',
      surface: 'generateContent',
      endpoint: '/v1beta/models/{model}:generateContent',
      statusCode: 200,
      outcome: 'ok',
      finishReason: 'STOP',
      durationMs: 12.346,
      firstByteMs: 3,
      ttftMs: null,
      overheadMs: 0.2,
      requestBytes: 15,
      responseBytes: answer.length,
      inputTokens: 1_000,
      outputTokens: 100,
      costUsd: 0.00055, // 1,000 × 0.30 + 100 × 2.50 per million
      costSource: 'list',
      tags: {},
    });
    expect(meter.ended[0]).toEqual({ ...meter.closed[0], seq: 1, streamId: 'stream-1' });
    expect(UsageRecord.parse(meter.ended[0])).toEqual(meter.ended[0]);
    expect(meter.faults).toEqual([]);
  });

  it.each([
    [true, 30],
    [false, 0],
  ])('the live row has what its answer waited for the journal (%s)', async (answerWaits, atLeastMs) => {
    const recorders = createRecorders();
    const slow: typeof recorders.journal.close = async (record, deadlineMs) => {
      await sleep(30); // the wait itself is what is tested
      return recorders.journal.close(record, deadlineMs);
    };
    const meter = setUp({ holdMs: 5_000, journal: { ...recorders.journal, close: slow } }, recorders);
    const observer = meter.open(requestHead());
    await observer.end(complete, { durationMs: 800, firstByteMs: 3, overheadMs: 0.2, answerWaits });
    const addedMs = (meter.ended[0]?.overheadMs ?? 0) - 0.2;
    expect(addedMs).toBeGreaterThanOrEqual(atLeastMs - 1);
    expect((meter.ended[0]?.durationMs ?? 0) - 800).toBeCloseTo(addedMs, 2);
    expect(addedMs > 0).toBe(answerWaits);
  });

  it('is a valid record in every stage of its life', async () => {
    const meter = setUp();
    const observer = meter.open(streamHead);
    observer.responseHead({ statusCode: 200, headers: sse }, 1);
    observer.responseBody(event({ promptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 6 }), 1_200);
    await finish(observer);
    for (const record of [...meter.opened, ...meter.progressed, ...meter.closed])
      UsageRecord.parse({ ...record, seq: 0, streamId: 's' });
    expect(meter.progressed).toHaveLength(1);
  });

  it('says so when the journal was late: seq 0', async () => {
    const late = createRecorders(() => Promise.resolve({ durable: false, streamId: 'stream-1' }));
    const meter = setUp({}, late);
    await finish(meter.open(requestHead()));
    expect(meter.ended[0]).toMatchObject({ seq: 0, streamId: 'stream-1' });
  });
});

describe('outcome', () => {
  const table: readonly (readonly [string, number | null, string, ExchangeEnd, string, string | null])[] = [
    ['ok', 200, '{}', complete, 'ok', null],
    ['blocked answer', 200, '{"promptFeedback":{"blockReason":"SAFETY"}}', complete, 'blocked', null],
    ['error in a whole answer', 200, '{"error":{"status":"INTERNAL"}}', complete, 'upstream_error', 'INTERNAL'],
    ['bad request', 400, '{"error":{"status":"INVALID_ARGUMENT"}}', complete, 'client_error', 'INVALID_ARGUMENT'],
    ['rate limit', 429, '{"error":{"status":"RESOURCE_EXHAUSTED"}}', complete, 'rate_limited', 'RESOURCE_EXHAUSTED'],
    ['server error', 503, '<html>', complete, 'upstream_error', null],
    ['client left', 200, '{', { kind: 'client_aborted' }, 'client_aborted', null],
    ['client left before the answer', null, '', { kind: 'client_aborted' }, 'client_aborted', null],
    ['refused', null, '', { kind: 'upstream_failed', code: 'upstream_refused' }, 'network_error', 'upstream_refused'],
    ['name not found', null, '', { kind: 'upstream_failed', code: 'upstream_dns' }, 'network_error', 'upstream_dns'],
    ['bad certificate', null, '', { kind: 'upstream_failed', code: 'upstream_tls' }, 'network_error', 'upstream_tls'],
    [
      'cut in the middle',
      200,
      '{',
      { kind: 'upstream_failed', code: 'upstream_reset' },
      'network_error',
      'upstream_reset',
    ],
    ['too slow', null, '', { kind: 'upstream_failed', code: 'upstream_timeout' }, 'timeout', 'upstream_timeout'],
    [
      'gateway stopping',
      200,
      '',
      { kind: 'upstream_failed', code: 'gateway_stopping' },
      'interrupted',
      'gateway_stopping',
    ],
  ];

  it.each(table)('of %s', async (_what, statusCode, body, end, outcome, errorCode) => {
    const meter = setUp();
    const observer = meter.open(requestHead());
    if (statusCode !== null) observer.responseHead({ statusCode, headers: json }, 1);
    observer.responseBody(Buffer.from(body), 2);
    await finish(observer, end);
    expect(meter.closed).toHaveLength(1);
    expect(meter.closed[0]).toMatchObject({ outcome, errorCode, statusCode });
    expect(meter.ended).toHaveLength(1);
  });
});

describe('attribution', () => {
  const openaiHead = requestHead({
    upstream: { name: 'openai', provider: 'openai', origin: new URL('https://api.openai.com') },
    path: '/v1/chat/completions',
    headers: [...json, 'authorization', 'Bearer sk-proj-secret-abcdefgh1234'],
  });

  it('takes user and model from the body when no header says more, and tells the live tail soon', async () => {
    const meter = setUp();
    const observer = meter.open(openaiHead);
    observer.requestBody(Buffer.from('{"model":"gpt-5","user":"customer-7","messages":[]}'));
    await expect.poll(() => meter.news[0]).toMatchObject({ modelRequested: 'gpt-5', userId: 'customer-7' });
    await finish(observer);
    expect(meter.closed[0]).toMatchObject({ modelRequested: 'gpt-5', model: 'gpt-5', userId: 'customer-7' });
  });

  it('tells the journal the model of a long call that does not stream, for the case that this process dies', async () => {
    const meter = setUp();
    const observer = meter.open(openaiHead);
    observer.requestBody(Buffer.from('{"model":"gpt-5","messages":[]}'));
    await expect
      .poll(() => meter.progressed[0], { timeout: 5_000 })
      .toMatchObject({ modelRequested: 'gpt-5', outcome: 'interrupted' });
    await finish(observer);
    expect(meter.progressed).toHaveLength(1);
  });

  it('lets headers win over the body, name by name', async () => {
    const meter = setUp();
    const head = requestHead({ headers: [...json, 'x-aism-user', 'boss', 'x-aism-tag-team', 'core'] });
    const observer = meter.open(head);
    observer.requestBody(Buffer.from('{"labels":{"team":"other","env":"prod","aism":"sample"}}'));
    await finish(observer);
    expect(meter.closed[0]).toMatchObject({ userId: 'boss', tags: { team: 'core', env: 'prod' } });
    expect(meter.closed[0]?.tags).not.toHaveProperty('aism');
  });

  it('marks rows of the built-in sample, and only those', async () => {
    const meter = setUp();
    await finish(
      meter.open(
        requestHead({ upstream: { name: 'sample-gemini', provider: 'google', origin: new URL('http://127.0.0.1:9') } }),
      ),
    );
    await finish(meter.open(requestHead({ headers: ['x-aism-tag-aism', 'sample'] })));
    expect(meter.closed.map((record) => record.tags)).toEqual([{ aism: 'sample' }, {}]);
  });

  it('keeps keys, query values, addresses and texts out of every record', async () => {
    const meter = setUp();
    const secrets = ['CANARY-prompt', 'CANARY-answer', 'CANARY-query', 'AIzaSyCANARY-key-material', '192.0.2.7'];
    const head = requestHead({
      path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
      query: new URLSearchParams({ key: 'AIzaSyCANARY-key-material', note: 'CANARY-query' }),
      headers: [...json, 'cookie', 'CANARY-query'],
    });
    const observer = meter.open(head);
    observer.requestBody(Buffer.from('{"contents":[{"parts":[{"text":"CANARY-prompt"}]}]}'));
    observer.responseHead({ statusCode: 200, headers: sse }, 1);
    observer.responseBody(
      Buffer.from(
        'data: {"candidates":[{"content":{"parts":[{"text":"CANARY-answer"}]}}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1}}\n\n',
      ),
      1_500,
    );
    observer.responseBody(
      Buffer.from('data: {"error":{"message":"CANARY-prompt","status":"CANARY-prompt was bad"}}\n\n'),
      1_600,
    );
    await finish(observer);
    const all = JSON.stringify([meter.opened, meter.progressed, meter.closed, meter.started, meter.news, meter.ended]);
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
    expect(meter.closed[0]?.keyId).toMatch(/^[0-9a-f]{8}…rial$/);
  });
});
