/** From a query's `range`, `from`, `to` and `tz` to two instants (DESIGN §7). */
import type { Range, RangePreset, RangeQuery } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import { startOfLocal, zoneOf, type Zone } from './zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const maxRangeDays = 400;

export interface ResolvedRange {
  readonly fromMs: number; // inclusive
  readonly toMs: number; // exclusive
  readonly zone: Zone;
}

const rolling: Record<Exclude<RangePreset, 'today' | 'month'>, number> = {
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
};

function bad(field: string, message: string): AppError {
  return new AppError('bad_request', message, { field });
}

/**
 * Presets end now; `today` and `month` begin at local midnight. `from` without `to` ends now.
 * @throws AppError `bad_request` naming `tz`, `range`, `from` or `to`
 */
export function resolveRange(query: Pick<RangeQuery, 'range' | 'from' | 'to' | 'tz'>, now: Date): ResolvedRange {
  const zone = zoneOf(query.tz);
  if (query.from === undefined && query.to === undefined) return preset(query.range ?? '24h', zone, now.getTime());
  if (query.range !== undefined) throw bad('range', 'Give either range, or from and to, not both');
  if (query.from === undefined) throw bad('from', 'to needs a from');
  return between(Date.parse(query.from), query.to === undefined ? now.getTime() : Date.parse(query.to), zone);
}

function preset(name: RangePreset, zone: Zone, nowMs: number): ResolvedRange {
  if (name !== 'today' && name !== 'month') return { fromMs: nowMs - rolling[name], toMs: nowMs, zone };
  const fromMs = startOfLocal(zone, nowMs, name === 'today' ? 'day' : 'month');
  return { fromMs, toMs: Math.max(nowMs, fromMs + 1), zone };
}

function between(fromMs: number, toMs: number, zone: Zone): ResolvedRange {
  if (fromMs >= toMs) throw bad('from', 'from must be before to');
  if (toMs - fromMs > maxRangeDays * dayMs) throw bad('from', `from is more than ${maxRangeDays} days before to`);
  return { fromMs, toMs, zone };
}

/** The equal-length period just before. */
export function previousOf(range: ResolvedRange): ResolvedRange {
  return { ...range, fromMs: 2 * range.fromMs - range.toMs, toMs: range.fromMs };
}

export function describeRange({ fromMs, toMs, zone }: ResolvedRange): Range {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), tz: zone.name };
}
