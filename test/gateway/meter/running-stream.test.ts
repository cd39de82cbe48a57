import { describe, expect, it } from 'vitest';
import { event, finish, setUp, sse, streamHead } from './meter-kit.ts';
import { createRecorders, requestHead } from './recorders.ts';

describe('a running stream', () => {
  it('tells of its first token once, with the model the body named', async () => {
    const meter = setUp();
    const observer = meter.open(streamHead);
    observer.responseHead({ statusCode: 200, headers: sse }, 5);
    observer.responseBody(event({ promptTokenCount: 5, totalTokenCount: 5 }), 6.12345);
    observer.responseBody(event({ promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 }), 7);
    expect(meter.news).toEqual([{ ...meter.started[0], ttftMs: 6.123 }]);
    await finish(observer);
    expect(meter.closed[0]?.ttftMs).toBe(6.123);
  });

  it('sends its newest usage to the journal at most once a second, and only when it changed', async () => {
    const meter = setUp();
    const observer = meter.open(streamHead);
    observer.responseHead({ statusCode: 200, headers: sse }, 5);
    const usage = (candidatesTokenCount: number) =>
      event({ promptTokenCount: 5, candidatesTokenCount, totalTokenCount: 5 + candidatesTokenCount });
    for (let ms = 100; ms <= 3_500; ms += 100) observer.responseBody(usage(ms), ms);
    for (let ms = 3_600; ms <= 9_000; ms += 100) observer.responseBody(Buffer.from(': keep-alive\n\n'), ms);
    await finish(observer);
    expect(meter.progressed.map((record) => record.outputTokens)).toEqual([1_000, 2_000, 3_000, 3_500]);
    expect(meter.progressed[0]).toMatchObject({ outcome: 'interrupted', durationMs: null, costSource: 'estimated' });
  });

  it('abandoned by the client keeps the newest usage and prices it as an estimate', async () => {
    const meter = setUp();
    const observer = meter.open(streamHead);
    observer.responseHead({ statusCode: 200, headers: sse }, 5);
    observer.responseBody(event({ promptTokenCount: 1_000, candidatesTokenCount: 10, totalTokenCount: 1_010 }), 6);
    observer.responseBody(
      event({ promptTokenCount: 1_000, candidatesTokenCount: 40, totalTokenCount: 1_040 }).subarray(0, 60),
      7,
    );
    await finish(observer, { kind: 'client_aborted' });
    // 1,000 × 0.30 + 10 × 2.50 per million
    expect(meter.closed[0]).toMatchObject({
      outcome: 'client_aborted',
      inputTokens: 1_000,
      outputTokens: 10,
      costUsd: 0.000325,
      costSource: 'estimated',
    });
  });

  it('abandoned after its last event has its final price', async () => {
    const meter = setUp();
    const observer = meter.open(streamHead);
    observer.responseHead({ statusCode: 200, headers: sse }, 5);
    observer.responseBody(
      event({ promptTokenCount: 1_000, candidatesTokenCount: 10, totalTokenCount: 1_010 }, { finishReason: 'STOP' }),
      6,
    );
    await finish(observer, { kind: 'client_aborted' });
    expect(meter.closed[0]).toMatchObject({ outcome: 'client_aborted', costUsd: 0.000325, costSource: 'list' });
  });
});

describe('faults of the meter itself', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  it.each([
    ['journal', { journal: { streamId: 's', open: broken, progress: broken, close: broken } }],
    ['hub', { hub: { callStarted: broken, callProgressed: broken, callEnded: broken } }],
    ['prices', { prices: { price: broken } }],
    ['attribution', { attribution: { identify: broken, keepUser: broken, secretsOf: broken } }],
  ] as const)('in %s never reach the proxy and are reported', async (_part, options) => {
    const meter = setUp(options);
    const observer = meter.open(streamHead);
    observer.requestBody(Buffer.from('{}'));
    observer.responseHead({ statusCode: 200, headers: sse }, 1);
    observer.responseBody(event({ promptTokenCount: 5, totalTokenCount: 5 }), 2_000);
    await expect(finish(observer)).resolves.toBeUndefined();
    expect(meter.faults.length).toBeGreaterThan(0);
  });

  it('in the journal still end the call in the live tail', async () => {
    const rejecting = createRecorders(() => Promise.reject(new Error('disk')));
    const meter = setUp({}, rejecting);
    await finish(meter.open(requestHead()));
    expect(meter.ended[0]).toMatchObject({ seq: 0, streamId: 'stream-1' });
    expect(meter.faults).toHaveLength(1);
  });
});
