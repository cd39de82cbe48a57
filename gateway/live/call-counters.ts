/** Counters since the gateway started, for Prometheus. Labels are the configured upstreams and fixed sets, so their number is bounded. */
import { isUnpriced } from '../../contract/unpriced.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { createDrainCounter, type DrainCounter } from '../proxy/drain.ts';
import { createUsageFaultCounter, type UsageFaultCounter } from '../usage/usage-faults.ts';

export const tokenKinds = ['input', 'cached_input', 'output', 'reasoning'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Upper bounds in seconds, from a cached lookup to a long reasoning call. */
export const durationBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const;
export const overheadBounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1] as const;

export interface Histogram {
  readonly bounds: readonly number[];
  /** Observations at or below each bound, not cumulated; the last entry is everything above. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export interface UpstreamCounters {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly tokens: Readonly<Record<TokenKind, number>>;
  readonly costUsd: number;
  readonly unpriced: number;
  /** Calls whose token parts do not add up to the total the provider reported. */
  readonly mismatched: number;
  readonly duration: Histogram;
  readonly ttft: Histogram;
  readonly overhead: Histogram;
}

export interface CallCounters {
  callEnded(record: UsageRecord): void;
  byUpstream(): ReadonlyMap<string, UpstreamCounters>;
  /** Calls whose usage could not be read, by reason. */
  readonly usageFaults: UsageFaultCounter;
  /** Answers read on after their client left, by how that ended. */
  readonly drains: DrainCounter;
}

export function createCallCounters(): CallCounters {
  const counters = new Map<string, MutableCounters>();
  return {
    callEnded(record) {
      const own = counters.get(record.upstream) ?? emptyCounters();
      counters.set(record.upstream, own);
      count(own, record);
    },
    byUpstream: () => counters,
    usageFaults: createUsageFaultCounter(),
    drains: createDrainCounter(),
  };
}

interface MutableHistogram {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum: number;
  count: number;
}

interface MutableCounters {
  readonly outcomes: Map<string, number>;
  readonly tokens: Record<TokenKind, number>;
  costUsd: number;
  unpriced: number;
  mismatched: number;
  readonly duration: MutableHistogram;
  readonly ttft: MutableHistogram;
  readonly overhead: MutableHistogram;
}

const emptyHistogram = (bounds: readonly number[]): MutableHistogram => ({
  bounds,
  counts: Array(bounds.length + 1).fill(0),
  sum: 0,
  count: 0,
});

const emptyCounters = (): MutableCounters => ({
  outcomes: new Map(),
  tokens: { input: 0, cached_input: 0, output: 0, reasoning: 0 },
  costUsd: 0,
  unpriced: 0,
  mismatched: 0,
  duration: emptyHistogram(durationBounds),
  ttft: emptyHistogram(durationBounds),
  overhead: emptyHistogram(overheadBounds),
});

function count(own: MutableCounters, record: UsageRecord): void {
  own.outcomes.set(record.outcome, (own.outcomes.get(record.outcome) ?? 0) + 1);
  own.tokens.input += record.inputTokens ?? 0;
  own.tokens.cached_input += record.cachedInputTokens ?? 0;
  own.tokens.output += record.outputTokens ?? 0;
  own.tokens.reasoning += record.reasoningTokens ?? 0;
  own.costUsd += record.costUsd ?? 0;
  own.unpriced += isUnpriced(record) ? 1 : 0;
  own.mismatched += record.usageMismatch ? 1 : 0;
  observe(own.duration, record.durationMs);
  observe(own.ttft, record.ttftMs);
  observe(own.overhead, record.overheadMs);
}

function observe(histogram: MutableHistogram, ms: number | null): void {
  if (ms === null) return;
  const seconds = ms / 1000;
  const found = histogram.bounds.findIndex((bound) => seconds <= bound);
  const index = found === -1 ? histogram.bounds.length : found;
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.sum += seconds;
  histogram.count += 1;
}
