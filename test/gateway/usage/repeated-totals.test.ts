/** Of events that only repeat running totals the last one is parsed; nothing that another event tells may be lost by that. */
import { expect, test } from 'vitest';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';
import type { UsageTap } from '../../../gateway/usage/usage-facts.ts';

const path = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';

function openStream(): UsageTap {
  const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path });
  tap.responseHead(200, ['content-type', 'text/event-stream']);
  return tap;
}

function say(tap: UsageTap, usageMetadata: object, candidate: object = {}, text = 'word'): void {
  const event = {
    candidates: [{ content: { parts: [{ text }] }, ...candidate }],
    usageMetadata,
    modelVersion: 'gemini-2.5-flash',
  };
  tap.responseChunk(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), 1);
}

const totals = (output: number) => ({
  promptTokenCount: 100,
  candidatesTokenCount: output,
  totalTokenCount: 100 + output,
});

test('the last totals count, however many came before', async () => {
  const tap = openStream();
  for (let output = 1; output <= 200; output += 1) say(tap, totals(output));
  expect(await tap.finish(true)).toMatchObject({ inputTokens: 100, outputTokens: 200, totalTokens: 300 });
});

test('a look in the middle sees the newest totals', () => {
  const tap = openStream();
  for (let output = 1; output <= 50; output += 1) say(tap, totals(output));
  expect(tap.peek()).toMatchObject({ outputTokens: 50, totalTokens: 150 });
});

test('a member that only an event in the middle tells is kept', async () => {
  const tap = openStream();
  say(tap, totals(1));
  say(tap, totals(2));
  say(tap, { ...totals(3), cachedContentTokenCount: 40 });
  say(tap, totals(4));
  say(tap, totals(5));
  expect(await tap.finish(true)).toMatchObject({ cachedInputTokens: 40, outputTokens: 5, totalTokens: 105 });
});

test('a reason to finish and a search in the middle are kept', async () => {
  const tap = openStream();
  say(tap, totals(1));
  say(tap, totals(2), { groundingMetadata: { webSearchQueries: ['time in Berlin'] } });
  say(tap, totals(3), { finishReason: 'SAFETY' });
  say(tap, totals(4));
  const facts = await tap.finish(true);
  expect(facts).toMatchObject({ finishReason: 'SAFETY', outcomeHint: 'blocked', outputTokens: 4 });
  expect(facts.units).toEqual({ webSearches: 1, groundedPrompts: 1 });
});

test('a stream that breaks off in the middle of an event keeps the totals of the one before', async () => {
  const tap = openStream();
  say(tap, totals(1));
  say(tap, totals(2));
  tap.responseChunk(Buffer.from('data: {"candidates": [{"content": {"parts": [{"te'), 1);
  expect(await tap.finish(false)).toMatchObject({ outputTokens: 2, totalTokens: 102 });
});
