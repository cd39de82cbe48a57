/** A meter over recorders instead of a journal and a live hub, and exchanges to show it. */
import { createMeter, type MeterOptions } from '../../../gateway/meter.ts';
import type { ExchangeEnd, ExchangeObserver } from '../../../gateway/proxy/exchange.ts';
import { createPriceBook } from '../../../gateway/pricing/price-book.ts';
import { createAttribution } from '../../../gateway/usage/attribution.ts';
import { createRecorders, requestHead } from './recorders.ts';

const prices = createPriceBook({ log: { info: () => undefined, warn: () => undefined } });
export const times = { durationMs: 12.34567, firstByteMs: 3.00049, overheadMs: 0.2, answerWaits: false };
export const complete: ExchangeEnd = { kind: 'complete' };
export const json = ['content-type', 'application/json'];
export const sse = ['content-type', 'text/event-stream'];

export function setUp(options: Partial<MeterOptions> = {}, recorders = createRecorders()) {
  const faults: unknown[] = [];
  const open = createMeter({
    journal: recorders.journal,
    hub: recorders.hub,
    prices,
    attribution: createAttribution('salt'),
    holdMs: 50,
    onFault: (error) => faults.push(error),
    ...options,
  });
  return { ...recorders, faults, open };
}

export const event = (usage: object, extra: object = {}): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hi' }] }, ...extra }], usageMetadata: usage, modelVersion: 'gemini-2.5-flash' })}\n\n`,
  );
export const streamHead = requestHead({ path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent' });
export const answer = Buffer.from(
  '{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100},"modelVersion":"gemini-2.5-flash"}',
);

export async function finish(observer: ExchangeObserver, end: ExchangeEnd = complete): Promise<void> {
  await observer.end(end, times);
}
