/** Totals since local midnight of the gateway's machine; they start anew when the local date changes. */
import type { Realtime } from '../../contract/gateway-api.ts';
import { succeeded, type UsageRecord } from '../../contract/usage-record.ts';
import { addCost, isGeneration } from './seconds-ring.ts';

export type Today = Realtime['today'];

export interface TodayTotals {
  add(nowMs: number, record: UsageRecord): void;
  /** Adds what happened before this process started; ignored when midnight has passed since. */
  seed(nowMs: number, today: Today): void;
  at(nowMs: number): Today;
}

export const startOfLocalDay = (nowMs: number): Date => {
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
};

export function createTodayTotals(startedMs: number): TodayTotals {
  let day = startOfLocalDay(startedMs).getTime();
  const seedDay = day;
  let totals: Today = nothing;
  const roll = (nowMs: number): void => {
    const now = startOfLocalDay(nowMs).getTime();
    if (now === day) return;
    day = now;
    totals = nothing;
  };
  return {
    add(nowMs, record) {
      roll(nowMs);
      const unpriced = isGeneration(record) && succeeded(record) && record.costUsd === null;
      totals = {
        calls: totals.calls + 1,
        costUsd: addCost(totals.costUsd, record.costUsd),
        unpricedCalls: totals.unpricedCalls + (unpriced ? 1 : 0),
      };
    },
    seed(nowMs, today) {
      roll(nowMs);
      if (day !== seedDay) return; // the seed describes the day the process started on
      totals = {
        calls: totals.calls + today.calls,
        costUsd: addCost(totals.costUsd, today.costUsd),
        unpricedCalls: totals.unpricedCalls + today.unpricedCalls,
      };
    },
    at(nowMs) {
      roll(nowMs);
      return totals;
    },
  };
}

const nothing: Today = { calls: 0, costUsd: null, unpricedCalls: 0 };
