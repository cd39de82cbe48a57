/** Damage done to recorded bytes, the same for the same seed: what a broken or hostile upstream might send. */

export type Random = () => number;

/** Mulberry32: small, fast and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, bound: number): number => Math.floor(random() * bound);
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('Nothing to pick from');
  return item;
}

const tokens = [
  '-1',
  '1e999',
  '1.5',
  '9007199254740993',
  'NaN',
  'null',
  '"12"',
  '{}',
  '[]',
  '[[[[[[[[',
  '{"a":{"a":{"a":{"a":',
  '"__proto__":{"x":1},',
  '\\u0000',
  '\ud800',
  '\n\n',
  '\r\r',
  'data: ',
  'event: error\n',
  '\u0000',
  'é北🕛',
  '"usage":{"input_tokens":-3}',
  '"usageMetadata":{"promptTokenCount":1e30}',
];

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;
const cut = (bytes: Buffer, random: Random): number => below(random, bytes.length + 1);

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let count = 1 + below(random, 8); count > 0 && copy.length > 0; count -= 1)
      copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  (bytes, random) => {
    const at = cut(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(random, 200))]);
  },
  (bytes, random) => {
    const at = cut(bytes, random);
    const again = bytes.subarray(at, at + below(random, 400));
    return Buffer.concat([bytes.subarray(0, at), again, again, bytes.subarray(at)]);
  },
  (bytes, random) => {
    const at = cut(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(random, tokens)), bytes.subarray(at)]);
  },
  (bytes, random, other) => Buffer.concat([bytes.subarray(0, cut(bytes, random)), other.subarray(cut(other, random))]),
  (bytes, random) => bytes.subarray(0, cut(bytes, random)),
  // a number becomes something else
  (bytes, random) => Buffer.from(bytes.toString('latin1').replace(/: ?\d+/, `: ${pick(random, tokens)}`), 'latin1'),
];

/** One to three kinds of damage, one upon the other. */
export function mutate(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let damaged = bytes;
  for (let count = 1 + below(random, 3); count > 0; count -= 1)
    damaged = pick(random, mutations)(damaged, random, other);
  return damaged;
}

/** Pieces of a few to a few hundred bytes. */
export function* pieces(bytes: Buffer, random: Random): Generator<Buffer> {
  const most = pick(random, [3, 24, 200]);
  for (let at = 0; at < bytes.length;) {
    const size = 1 + below(random, most);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
