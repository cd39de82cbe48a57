/** The period just before another, of equal length: what Compare draws. Pure. */
import type { Range } from '../../contract/analytics.ts';
import { formatSpan } from '../format/duration.ts';
import { previousWords } from './range-query.ts';
import type { Period } from './range-state.ts';

const minuteMs = 60_000;

/**
 * Bounds in whole minutes: a relative period moves on all the time, and asking about each new second of the past would be asking the same
 * again. Buckets begin at whole minutes, so theirs stay the same.
 */
export function previousRange({ from, to }: Pick<Range, 'from' | 'to'>): { from: string; to: string } {
  const [fromMs, toMs] = [from, to].map((at) => Math.floor(Date.parse(at) / minuteMs) * minuteMs);
  const start = fromMs ?? 0;
  const spanMs = Math.max(minuteMs, (toMs ?? 0) - start);
  return { from: new Date(start - spanMs).toISOString(), to: new Date(start).toISOString() };
}

/** "previous 24 h". Today and this month are as long as they have lasted, so their length is said. */
export function comparedWords(period: Period, { from, to }: Pick<Range, 'from' | 'to'>): string {
  const grows = period.kind === 'preset' && (period.preset === 'today' || period.preset === 'month');
  return grows ? `previous ${formatSpan(Date.parse(to) - Date.parse(from))}` : previousWords(period);
}
