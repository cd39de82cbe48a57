/**
 * Fills the gap in the live totals of today: what happened before this process started, or before a clock that was wrong was set right. It asks the
 * warehouse once that holds every row of the gap, and goes on trying for as long as the gap is there: until then the totals say since when they count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Totals } from '../contract/analytics.ts';
import { sampleTag } from '../contract/usage-record.ts';
import { createBackOff } from './delivery/back-off.ts';
import type { LiveHub } from './live/hub.ts';
import type { DayGap, DayTotals } from './live/today.ts';
import type { Log } from './log.ts';
import type { Storage } from './storage.ts';

export interface SeedOptions {
  readonly ask: Storage['ask'];
  readonly journal: Pick<Storage['journal'], 'lastSeq'>;
  readonly warehouse: Pick<Storage['warehouse'], 'health'>;
  readonly hub: Pick<LiveHub, 'gapOfToday' | 'seedToday'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  readonly lookMs?: number;
}

const lookMs = 1_000;
const longestPauseMs = 30_000;
const delayWorthALineMs = 30_000;

/** Runs until the signal; never rejects. */
export async function seedToday(options: SeedOptions): Promise<void> {
  const { hub, signal } = options;
  const backOff = createBackOff(options.lookMs ?? lookMs, longestPauseMs);
  let filling: Filling | null = null;
  while (!signal.aborted) {
    filling = fillingOf(hub.gapOfToday(), filling, options);
    const outcome = filling === null ? 'none' : await fill(filling, options);
    if (filling !== null) tellDelay(filling, options);
    if (outcome === 'filled') backOff.reset();
    const pauseMs = outcome === 'failed' ? backOff.next() : (options.lookMs ?? lookMs);
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined); // ends early when the gateway stops
  }
}

interface Filling {
  readonly gap: DayGap;
  /** Newest row when the gap was seen: all rows of the gap are in the warehouse once this one is. */
  readonly upToSeq: number;
  readonly sinceMs: number; // monotonic
  delayTold: boolean;
  lastError: unknown;
}

function fillingOf(gap: DayGap | null, known: Filling | null, { journal }: SeedOptions): Filling | null {
  if (gap === null || known?.gap === gap) return gap === null ? null : known;
  return { gap, upToSeq: journal.lastSeq(), sinceMs: performance.now(), delayTold: false, lastError: null };
}

/** Streams are delivered in order, so calls that arrive meanwhile do not matter. */
function isHeld({ upToSeq }: Filling, { warehouse }: SeedOptions): boolean {
  const { state, deliveredSeq } = warehouse.health();
  return state === 'ok' && deliveredSeq >= upToSeq;
}

type Outcome = 'waits' | 'failed' | 'filled';

async function fill(filling: Filling, options: SeedOptions): Promise<Outcome> {
  if (!isHeld(filling, options)) return 'waits';
  const { ask, hub, log, signal } = options;
  const { gap, delayTold } = filling;
  const range = { from: new Date(gap.fromMs).toISOString(), to: new Date(gap.toMs).toISOString(), tz: 'UTC' };
  const totals = async (filter: { tags?: Record<string, string[]> }): Promise<DayTotals> =>
    dayTotals((await ask('metrics', { ...range, filter, source: 'duckdb' }, signal)).totals);
  try {
    hub.seedToday(gap, await totals({}), await totals({ tags: { [sampleTag.name]: [sampleTag.value] } }));
    if (delayTold) log.info({}, 'LiveTodaySeeded');
    return 'filled';
  } catch (error) {
    filling.lastError = error;
    return 'failed';
  }
}

function tellDelay(filling: Filling, { hub, log }: SeedOptions): void {
  if (filling.delayTold || hub.gapOfToday() !== filling.gap) return;
  if (performance.now() - filling.sinceMs < delayWorthALineMs) return;
  filling.delayTold = true;
  log.warn({ err: filling.lastError, since: new Date(filling.gap.toMs).toISOString() }, 'LiveTodayNotSeeded');
}

const dayTotals = ({ calls, costUsd, unpricedCalls }: Totals): DayTotals => ({ calls, costUsd, unpricedCalls });
