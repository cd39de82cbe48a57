/** Totals since local midnight of the gateway's machine; they start anew when the local date changes. */
import type { Realtime } from '../../contract/gateway-api.ts';
import { isUnpriced } from '../../contract/unpriced.ts';
import { isSample, type UsageRecord } from '../../contract/usage-record.ts';
import { addCost } from './seconds-ring.ts';

export type Today = Realtime['today'];

export interface TodayTotals {
  add(nowMs: number, record: UsageRecord): void;
  /**
   * Adds what happened before this process started; ignored when midnight has passed since. `sample` is the part of `today` that sample
   * traffic made.
   */
  seed(nowMs: number, today: Today, sample: Today): void;
  /** Sample rows were removed: they count no more. */
  forgetSample(): void;
  at(nowMs: number): Today;
}

export const startOfLocalDay = (nowMs: number): Date => {
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
};

export const nothing: Today = { calls: 0, costUsd: null, unpricedCalls: 0 };

export function createTodayTotals(startedMs: number): TodayTotals {
  let day = startOfLocalDay(startedMs).getTime();
  const seedDay = day;
  let real: Today = nothing;
  let sample: Today = nothing;
  const roll = (nowMs: number): void => {
    const now = startOfLocalDay(nowMs).getTime();
    if (now === day) return;
    day = now;
    real = nothing;
    sample = nothing;
  };
  return {
    add(nowMs, record) {
      roll(nowMs);
      if (isSample(record)) sample = plus(sample, one(record));
      else real = plus(real, one(record));
    },
    seed(nowMs, today, ofSample) {
      roll(nowMs);
      if (day !== seedDay) return; // the seed describes the day the process started on
      real = plus(real, minus(today, ofSample));
      sample = plus(sample, ofSample);
    },
    forgetSample() {
      sample = nothing;
    },
    at(nowMs) {
      roll(nowMs);
      return plus(real, sample);
    },
  };
}

function one(record: UsageRecord): Today {
  return { calls: 1, costUsd: record.costUsd, unpricedCalls: isUnpriced(record) ? 1 : 0 };
}

const plus = (a: Today, b: Today): Today => ({
  calls: a.calls + b.calls,
  costUsd: addCost(a.costUsd, b.costUsd),
  unpricedCalls: a.unpricedCalls + b.unpricedCalls,
});

function minus(all: Today, part: Today): Today {
  const calls = Math.max(0, all.calls - part.calls);
  const costUsd =
    calls === 0 || all.costUsd === null ? null : Math.max(0, addCost(all.costUsd, -(part.costUsd ?? 0)) ?? 0);
  return { calls, costUsd, unpricedCalls: Math.max(0, all.unpricedCalls - part.unpricedCalls) };
}
