/**
 * Damaged chunks through every extractor, from fixed seeds: nothing throws, our own readers never fail, whatever is told is a valid count with a
 * source, and memory stays where it was. 20,000 chunks each here, a million each in `npm run test:long`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Modalities, Units } from '../../../contract/usage-record.ts';
import { openSessionMeter } from '../../../gateway/usage/session/session-meter.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';
import { inLongRun } from '../../helpers/long-run.ts';
import { encodings, loadFixtures, type Fixture } from './fixture.ts';
import { below, mutate, pick, pieces, randomFrom, type Random } from './mutations.ts';

const mostGrownMiB = 16;
const chunksEach = inLongRun(1_000_000, 20_000);
const fixtures = loadFixtures();

const Count = z.int().nonnegative().nullable();
const Told = z.object({
  inputTokens: Count,
  cachedInputTokens: Count,
  cacheWriteTokens: Count,
  toolInputTokens: Count,
  outputTokens: Count,
  reasoningTokens: Count,
  totalTokens: Count,
  modalities: Modalities.nullable(),
  units: Units.nullable(),
  usageSource: z.enum(['reported', 'derived', 'estimated', 'none']),
  usageFault: z.enum(['invalid_count', 'unreadable', 'undecodable', 'too_large']).nullable(), // never a fault of ours
  model: z.string().max(128).nullable(),
  finishReason: z.string().max(64).nullable(),
  errorCode: z.string().max(64).nullable(),
  serviceTier: z.string().max(64).nullable(),
});

function check(facts: UsageFacts): void {
  const told = Told.parse(facts);
  if (told.usageSource !== 'none') return;
  const counted = [told.inputTokens, told.outputTokens, told.totalTokens, told.modalities, told.units].filter(
    (value) => value !== null,
  );
  if (counted.length > 0) throw new Error(`Numbers without a source: ${JSON.stringify(told)}`);
}

const surfaces = [
  ...new Set(
    fixtures.map(({ provider, expected, path }) => `${provider} ${String(expected['surface'] ?? kindOf(path))}`),
  ),
];
function kindOf(path: string): string {
  return /embed/i.test(path) ? 'embedding' : path.replaceAll(/.*[/:]/g, '');
}
const fixturesOf = (surface: string): readonly Fixture[] =>
  fixtures.filter(
    ({ provider, expected, path }) => `${provider} ${String(expected['surface'] ?? kindOf(path))}` === surface,
  );

/** One damaged exchange; returns how many chunks it took. */
async function damagedExchange(own: readonly Fixture[], random: Random): Promise<number> {
  const fixture = pick(random, own);
  const { provider, method, path, requestHeaders } = fixture;
  const tap = openUsageTap({ upstream: { provider }, method, path, requestHeaders });
  const encoding =
    random() < 0.05
      ? pick(random, [encodings.gzip, encodings.br, encodings.zstd, encodings['raw deflate']])
      : encodings.identity;
  let chunks = 0;
  if (random() < 0.3)
    for (const piece of pieces(mutate(fixture.request, fixture.response, random), random)) {
      tap.requestChunk(piece);
      chunks += 1;
    }
  tap.responseHead(random() < 0.9 ? fixture.status : 200 + below(random, 400), [
    ...fixture.responseHeaders,
    ...encoding.headers,
  ]);
  const body = mutate(fixture.response, pick(random, fixtures).response, random);
  const sent = random() < 0.5 ? encoding.encode(body) : mutate(encoding.encode(fixture.response), body, random);
  for (const piece of pieces(sent, random)) {
    tap.responseChunk(piece, chunks);
    chunks += 1;
    if (chunks % 512 === 0) check(tap.peek());
  }
  check(await tap.finish(random() < 0.8));
  return chunks;
}

const frames = [
  { setupComplete: {} },
  {
    serverContent: {
      modelTurn: { parts: [{ text: 'x' }, { inlineData: { mimeType: 'audio/pcm', data: 'QUJD' } }] },
      turnComplete: true,
    },
  },
  {
    usageMetadata: {
      promptTokenCount: 10,
      responseTokenCount: 4,
      totalTokenCount: 14,
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 4 }],
    },
  },
  { serverContent: { groundingMetadata: { webSearchQueries: ['a'], groundingChunks: [{ maps: {} }] } }, toolCall: {} },
  { type: 'session.created', session: { model: 'gpt-realtime' } },
  { type: 'response.output_audio.delta', delta: 'QUJD' },
  {
    type: 'response.done',
    response: { id: 'r', status: 'completed', usage: { input_tokens: 4, output_tokens: 2, total_tokens: 6 } },
  },
  {
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: 'i',
    usage: { type: 'duration', seconds: 2 },
  },
].map((frame) => Buffer.from(JSON.stringify(frame)));

function damagedSession(provider: 'google' | 'openai', path: string, random: Random): number {
  const meter = openSessionMeter({ upstream: { provider }, path, query: new URLSearchParams('model=m') });
  if (meter === null) throw new Error(`No session at ${path}`);
  let chunks = 0;
  for (let count = below(random, 60); count > 0; count -= 1) {
    const frame = random() < 0.4 ? pick(random, frames) : mutate(pick(random, frames), pick(random, frames), random);
    for (const piece of pieces(frame, random)) {
      if (random() < 0.1) meter.clientMessage(piece, random() < 0.5);
      meter.serverMessage(piece, random() < 0.2, chunks);
      chunks += 1;
    }
    meter.serverMessage(Buffer.alloc(0), true, chunks);
  }
  check(meter.facts());
  return chunks;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
function heldMiB(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** @returns how much more memory is held after it than before, in MiB */
async function campaign(seed: number, step: (random: Random) => Promise<number> | number): Promise<number> {
  const random = randomFrom(seed);
  for (let chunks = 0; chunks < chunksEach / 10;) chunks += await step(random); // warm: compiled code and pools are no leak
  const before = heldMiB();
  for (let chunks = 0; chunks < chunksEach;) chunks += Math.max(1, await step(random));
  return heldMiB() - before;
}

describe('damaged chunks', { timeout: inLongRun(1_800_000, 60_000) }, () => {
  it.each(surfaces.map((surface, index) => [surface, index] as const))('of %s', async (surface, index) => {
    const grown = await campaign(0xa15e + index, (random) => damagedExchange(fixturesOf(surface), random));
    expect(grown).toBeLessThan(mostGrownMiB);
  });

  it.each([
    ['google', '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'],
    ['openai', '/v1/realtime'],
  ] as const)('of a session of %s', async (provider, path) => {
    const grown = await campaign(0x5e55, (random) => damagedSession(provider, path, random));
    expect(grown).toBeLessThan(mostGrownMiB);
  });
});
