/** Exchanges written from the providers' documentation, as raw bytes, and their replay through a tap in any chunking and encoding. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'vitest';
import { z } from 'zod';
import { Provider, Unit } from '../../../contract/usage-record.ts';
import type { JobMemory } from '../../../gateway/usage/job-memory.ts';
import type { Route, UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

const root = join(import.meta.dirname, '../../fixtures/providers');

const Call = z.strictObject({
  /** Where it is written what the provider sends. */
  source: z.string().min(10),
  method: z.string(),
  path: z.string(),
  requestHeaders: z.array(z.string()),
  status: z.int(),
  responseHeaders: z.array(z.string()),
  /** Text in the response body with which generation begins; null when nothing is generated or nothing streams. */
  firstToken: z.string().nullable(),
  expected: z.record(z.string(), z.unknown()),
});

export interface Fixture extends z.infer<typeof Call> {
  readonly name: string;
  readonly provider: Provider;
  readonly request: Buffer;
  readonly response: Buffer;
}

export function loadFixtures(): readonly Fixture[] {
  return Provider.options.flatMap((provider) => namesIn(provider).map((name) => load(provider, name)));
}

export function fixtureNamed(name: string): Fixture {
  const found = loadFixtures().find((fixture) => fixture.name === name);
  if (found === undefined) throw new Error(`No fixture ${name}`);
  return found;
}

function namesIn(provider: Provider): readonly string[] {
  return provider === 'other' ? [] : readdirSync(join(root, provider));
}

function load(provider: Provider, name: string): Fixture {
  const read = (file: string): Buffer => readFileSync(join(root, provider, name, file));
  const call = Call.parse(JSON.parse(read('call.json').toString()));
  return {
    ...call,
    name: `${provider}/${name}`,
    provider,
    request: read('request.body'),
    response: read('response.body'),
  };
}

export interface Replay {
  readonly route: Route;
  readonly facts: UsageFacts;
  readonly parseFailures: number;
}

export interface ReplayOptions {
  /** Cut positions of both bodies; `every` cuts after each byte. */
  readonly cuts?: readonly number[] | 'every';
  /** Cuts after every so many bytes, in place of `cuts`. */
  readonly pieceSize?: number;
  readonly encoding?: Encoding;
  /** Response bytes that arrive before the stream breaks; all when not given. */
  readonly upTo?: number;
  readonly complete?: boolean;
  readonly jobs?: JobMemory | undefined;
  readonly beforeFinish?: (peeked: UsageFacts) => void;
}

/** Replays with `atMs` = index of each chunk's first byte in the response on the wire. */
export async function replay(fixture: Fixture, options: ReplayOptions = {}): Promise<Replay> {
  const { pieceSize, cuts = pieceSize ?? [], jobs, encoding = encodings.identity, upTo, complete = true } = options;
  const { provider, method, path } = fixture;
  const tap = openUsageTap({ upstream: { provider }, method, path, requestHeaders: fixture.requestHeaders, jobs });
  for (const [chunk] of split(fixture.request, cuts)) tap.requestChunk(chunk);
  tap.responseHead(fixture.status, [...fixture.responseHeaders, ...encoding.headers]);
  const body = encoding.encode(fixture.response);
  for (const [chunk, at] of split(body.subarray(0, upTo ?? body.length), cuts)) tap.responseChunk(chunk, at);
  options.beforeFinish?.(tap.peek());
  return { route: tap.route, facts: await tap.finish(complete), parseFailures: tap.parseFailures() };
}

function split(body: Buffer, cuts: readonly number[] | number | 'every'): readonly (readonly [Buffer, number])[] {
  if (typeof cuts === 'number')
    return Array.from({ length: Math.ceil(body.length / cuts) }, (_, index) => [
      body.subarray(index * cuts, (index + 1) * cuts),
      index * cuts,
    ]);
  if (cuts === 'every') return Array.from(body, (_byte, at) => [body.subarray(at, at + 1), at]);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (body.length + 1)), body.length])].toSorted((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => [body.subarray(from, edges[index + 1]), from]);
}

export interface Encoding {
  readonly headers: readonly string[];
  readonly encode: (body: Buffer) => Buffer;
}
const coded = (name: string, encode: (body: Buffer) => Buffer): Encoding => ({
  headers: ['Content-Encoding', name],
  encode,
});

export const encodings = {
  identity: { headers: [], encode: (body: Buffer): Buffer => body },
  gzip: coded('gzip', gzipSync),
  'x-gzip': coded('X-GZip', gzipSync),
  br: coded('br', brotliCompressSync),
  'zlib deflate': coded('deflate', deflateSync),
  'raw deflate': coded('deflate', deflateRawSync),
  zstd: coded('zstd', zstdCompressSync),
  'gzip then br': coded('gzip, br', (body) => brotliCompressSync(gzipSync(body))),
} satisfies Record<string, Encoding>;

/** Time is which chunk the token came in, so it depends on the cuts; the rest must not. */
export const timeless = ({ ttftMs: _ttftMs, ...facts }: UsageFacts): Omit<UsageFacts, 'ttftMs'> => facts;

const counts = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'toolInputTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
] as const;

/** What came of a part is at most what came of the whole, and has a source. */
export function expectNoMore(part: UsageFacts, whole: UsageFacts): void {
  expect(counts.filter((field) => (part[field] ?? 0) > (whole[field] ?? 0))).toEqual([]);
  const tooMany = Unit.options.filter((unit) => (part.units?.[unit] ?? 0) > (whole.units?.[unit] ?? 0));
  expect(tooMany).toEqual([]);
  const isCounted = counts.some((field) => part[field] !== null) || part.units !== null;
  expect([isCounted, part.usageSource]).not.toEqual([true, 'none']);
}
