/** A query as it was at one moment: a relative period gets its bounds, so that "last 15 minutes" does not move while a file is chosen. Pure. */
import { RangePreset } from '../../contract/analytics.ts';
import { boundsOf } from '../range/range-state.ts';

export type Query = Readonly<Record<string, unknown>>;

/** A query without any period means the last 24 hours, as everywhere; one with bounds is left as it is. */
export function frozenQuery(query: Query, nowMs: number): Query {
  if (query['from'] !== undefined || query['to'] !== undefined) return query;
  const { range, ...rest } = query;
  const preset = RangePreset.catch('24h').parse(range);
  const { fromMs, toMs } = boundsOf({ kind: 'preset', preset }, nowMs, zoneOf(query));
  return { ...rest, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

export const zoneOf = ({ tz }: Query): string => (typeof tz === 'string' ? tz : 'UTC');
