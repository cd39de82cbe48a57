/**
 * When reports are made and of what. Pure. Days and weeks are those of the user's zone, so they have 23 or 25 hours when its clocks change; a
 * week begins on Monday. An hour the clock skips stands for the moment of the jump, one that happens twice for the first.
 */
import type { ReportSchedule } from '../../contract/reports.ts';
import { instantOfWall, zoneSegments, type Zone } from '../../gateway/analytics/zone.ts';

/** `from` inclusive, `to` exclusive. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Timing = Pick<ReportSchedule, 'every' | 'hour'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The first run after `nowMs`; null while reports are off. */
export function nextRun(timing: Timing, nowMs: number, zone: Zone): number | null {
  if (timing.every === 'off') return null;
  const here = runAt(timing, nowMs, zone, 0);
  return here > nowMs ? here : runAt(timing, nowMs, zone, 1);
}

/** The last run at or before `nowMs`; null while reports are off. */
export function previousRun(timing: Timing, nowMs: number, zone: Zone): number | null {
  if (timing.every === 'off') return null;
  const here = runAt(timing, nowMs, zone, 0);
  return here <= nowMs ? here : runAt(timing, nowMs, zone, -1);
}

/** The whole day or week that ended last, as seen at `nowMs`; of a schedule that is off, the day. */
export function lastPeriod({ every }: Pick<Timing, 'every'>, nowMs: number, zone: Zone): Period {
  const start = startWall(every, nowMs, zone);
  return { fromMs: instantOf(start - spanMs(every), zone), toMs: instantOf(start, zone) };
}

/** `2026-11-23`: the local day of an instant. */
export function localDay(ms: number, zone: Zone): string {
  return new Date(ms + zone.offsetAt(ms)).toISOString().slice(0, 10);
}

const spanMs = (every: Timing['every']): number => (every === 'week' ? 7 * dayMs : dayMs);

/** The run of the day or week that `nowMs` lies in, or of the `steps`th one after it. */
function runAt({ every, hour }: Timing, nowMs: number, zone: Zone, steps: -1 | 0 | 1): number {
  return instantOf(startWall(every, nowMs, zone) + steps * spanMs(every) + hour * hourMs, zone);
}

/** Midnight that begins the local day or week of `nowMs`, as a wall clock written as if it were UTC: those days all have 24 hours. */
function startWall(every: Timing['every'], nowMs: number, zone: Zone): number {
  const wall = new Date(nowMs + zone.offsetAt(nowMs));
  const midnight = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate());
  const sinceMonday = (wall.getUTCDay() + 6) % 7;
  return every === 'week' ? midnight - sinceMonday * dayMs : midnight;
}

const instantOf = (wallMs: number, zone: Zone): number =>
  instantOfWall(zoneSegments(zone, wallMs - 2 * dayMs, wallMs + 2 * dayMs), wallMs);
