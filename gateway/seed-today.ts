/** Tells the live hub what happened today before this process started, once the warehouse holds all of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Totals } from '../contract/analytics.ts';
import { sampleTag } from '../contract/usage-record.ts';
import type { LiveHub } from './live/hub.ts';
import { startOfLocalDay, type Today } from './live/today.ts';
import type { Log } from './log.ts';
import { isCaughtUp, type Storage } from './storage.ts';

export interface SeedOptions {
  readonly storage: Pick<Storage, 'ask' | 'journal' | 'warehouse'>;
  readonly hub: Pick<LiveHub, 'seedToday'>;
  readonly startedAt: Date;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const attempts = 30;
const pauseMs = 1000;

/** Resolves when done or given up; never rejects. Rows of this process are left out by their start time. */
export async function seedToday(options: SeedOptions): Promise<void> {
  const { storage, hub, startedAt, signal, log } = options;
  const from = startOfLocalDay(startedAt.getTime());
  if (from.getTime() >= startedAt.getTime()) return;
  const range = { from: from.toISOString(), to: startedAt.toISOString(), tz: 'UTC' };
  const totals = async (filter: { tags?: Record<string, string[]> }): Promise<Today> =>
    todayOf((await storage.ask('metrics', { ...range, filter, source: 'duckdb' }, signal)).totals);
  for (let attempt = 1; attempt <= attempts && !signal.aborted; attempt += 1) {
    try {
      if (!isCaughtUp(storage)) throw new Error('The warehouse does not hold every row yet.');
      hub.seedToday(await totals({}), await totals({ tags: { [sampleTag.name]: [sampleTag.value] } }));
      return;
    } catch (error) {
      if (attempt === attempts) log.warn({ err: error }, 'LiveTodayNotSeeded');
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined); // ends early when the gateway stops
  }
}

const todayOf = ({ calls, costUsd, unpricedCalls }: Totals): Today => ({ calls, costUsd, unpricedCalls });
