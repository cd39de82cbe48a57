/**
 * Totals since local midnight of the gateway's machine; they start anew when the local date changes. What this process has not seen of the day
 * (before it started, or while the clock showed another day) is a gap, and as long as it is not filled the totals say since when they count.
 */
import type { Realtime } from '../../contract/gateway-api.ts';
import { isUnpriced } from '../../contract/unpriced.ts';
import { isSample, type UsageRecord } from '../../contract/usage-record.ts';
import { addCost } from './seconds-ring.ts';

export type Today = Realtime['today'];
export type DayTotals = Omit<Today, 'since' | 'notRecorded'>;

/** A part of the day that is not counted yet. */
export interface DayGap {
  readonly fromMs: number; // local midnight
  readonly toMs: number; // exclusive
}

export interface TodayTotals {
  add(nowMs: number, record: UsageRecord): void;
  /** The same object for as long as it is the same gap; null when today is counted from midnight on. */
  gap(nowMs: number): DayGap | null;
  /** Adds what happened in the gap; ignored when that is no longer today's. `sample` is the part of `all` that sample traffic made. */
  seed(nowMs: number, gap: DayGap, all: DayTotals, sample: DayTotals): void;
  /** Rows of today's calls that could not be kept; negative: they were, after all. */
  lose(nowMs: number, rows: number): void;
  /** Sample rows were removed: they count no more. */
  forgetSample(): void;
  at(nowMs: number): Today;
}

const startOfLocalDay = (ms: number): number => {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
};
/** Days have 23 to 25 hours. */
const nextDay = (midnightMs: number): number => startOfLocalDay(midnightMs + 36 * 3_600_000);
const gapBefore = (ms: number): DayGap | null => {
  const fromMs = startOfLocalDay(ms);
  return fromMs < ms ? { fromMs, toMs: ms } : null;
};

export const nothing: DayTotals = { calls: 0, costUsd: null, unpricedCalls: 0 };

interface Counted {
  readonly real: DayTotals;
  readonly sample: DayTotals;
  readonly notRecorded: number;
}
const empty: Counted = { real: nothing, sample: nothing, notRecorded: 0 };

export function createTodayTotals(startedMs: number): TodayTotals {
  let day = startOfLocalDay(startedMs);
  let gap = gapBefore(startedMs);
  let counted = empty;
  /** From one day into the next nothing is missed; into any other day the clock has jumped. */
  const roll = (nowMs: number): void => {
    const now = startOfLocalDay(nowMs);
    if (now === day) return;
    gap = now === nextDay(day) ? null : gapBefore(nowMs);
    day = now;
    counted = empty;
  };
  return {
    add(nowMs, record) {
      roll(nowMs);
      counted = withCall(counted, record);
    },
    gap(nowMs) {
      roll(nowMs);
      return gap;
    },
    seed(nowMs, seeded, all, ofSample) {
      roll(nowMs);
      if (gap !== seeded) return;
      gap = null;
      counted = withPast(counted, minus(all, ofSample), ofSample);
    },
    lose(nowMs, rows) {
      roll(nowMs);
      counted = { ...counted, notRecorded: Math.max(0, counted.notRecorded + rows) };
    },
    forgetSample() {
      counted = { ...counted, sample: nothing };
    },
    at(nowMs) {
      roll(nowMs);
      return totalsOf(counted, gap);
    },
  };
}

function withCall(counted: Counted, record: UsageRecord): Counted {
  const part = isSample(record) ? 'sample' : 'real';
  return { ...counted, [part]: plus(counted[part], one(record)) };
}

const withPast = (counted: Counted, real: DayTotals, sample: DayTotals): Counted => ({
  ...counted,
  real: plus(counted.real, real),
  sample: plus(counted.sample, sample),
});

const totalsOf = ({ real, sample, notRecorded }: Counted, gap: DayGap | null): Today => ({
  ...plus(real, sample),
  notRecorded,
  since: gap === null ? null : new Date(gap.toMs).toISOString(),
});

function one(record: UsageRecord): DayTotals {
  return { calls: 1, costUsd: record.costUsd, unpricedCalls: isUnpriced(record) ? 1 : 0 };
}

const plus = (a: DayTotals, b: DayTotals): DayTotals => ({
  calls: a.calls + b.calls,
  costUsd: addCost(a.costUsd, b.costUsd),
  unpricedCalls: a.unpricedCalls + b.unpricedCalls,
});

function minus(all: DayTotals, part: DayTotals): DayTotals {
  const calls = Math.max(0, all.calls - part.calls);
  const costUsd =
    calls === 0 || all.costUsd === null ? null : Math.max(0, addCost(all.costUsd, -(part.costUsd ?? 0)) ?? 0);
  return { calls, costUsd, unpricedCalls: Math.max(0, all.unpricedCalls - part.unpricedCalls) };
}
