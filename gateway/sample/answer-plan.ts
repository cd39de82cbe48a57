/** What one sample answer will be: drawn at random, then written in the wire format the caller speaks. */

export type SampleFate = 'ok' | 'blocked' | 'rate_limited' | 'server_error' | 'cut';

export interface AnswerPlan {
  readonly id: string;
  readonly model: string;
  readonly fate: SampleFate;
  readonly inputTokens: number; // cached ones included
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly visibleTokens: number;
  readonly firstTokenMs: number; // silence before the first token
  readonly chunkGapMs: number;
  readonly words: readonly string[]; // one a stream chunk
}

export type Random = () => number;

/** Small seeded generator (mulberry32) so that a demo can be repeated. Values in [0, 1). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number in [low, high], small ones more often: token counts have a long tail. */
export function skewed(random: Random, low: number, high: number): number {
  return Math.round(low + (high - low) * random() ** 3);
}

const vocabulary = 'the gateway meters every call while it happens and keeps a row for each answer it has seen '.split(
  ' ',
);

export function planAnswer(random: Random, model: string, thinks: boolean): AnswerPlan {
  const inputTokens = skewed(random, 40, 24_000);
  const chunks = skewed(random, 3, 40);
  return {
    id: Math.floor(random() * 2 ** 48).toString(36),
    model,
    fate: pickFate(random()),
    inputTokens,
    cachedTokens: random() < 0.35 ? Math.floor(inputTokens * random() * 0.9) : 0,
    reasoningTokens: thinks && random() < 0.7 ? skewed(random, 50, 4_000) : 0,
    visibleTokens: chunks * skewed(random, 4, 60),
    firstTokenMs: 80 + skewed(random, 40, 1_600),
    chunkGapMs: 15 + Math.round(random() * 45),
    words: Array.from({ length: chunks }, () => `${vocabulary[Math.floor(random() * vocabulary.length)] ?? 'and'} `),
  };
}

function pickFate(draw: number): SampleFate {
  if (draw < 0.03) return 'rate_limited';
  if (draw < 0.045) return 'server_error';
  if (draw < 0.055) return 'blocked';
  if (draw < 0.06) return 'cut';
  return 'ok';
}
