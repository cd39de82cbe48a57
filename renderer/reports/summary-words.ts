/** What a summary says about itself and about its numbers. Pure. */
import type { Filter, Range, RangeInput, Totals } from '../../contract/analytics.ts';
import { formatSpan } from '../format/duration.ts';
import { formatExact } from '../format/numbers.ts';
import { formatDate, formatDateTime, formatMinute, formatZone } from '../format/time.ts';

/** Whole local days by their dates, the last one included; anything else to the minute. */
export function periodTitle({ from, to, tz }: Range): string {
  const whole = formatMinute(from, tz) === '00:00' && formatMinute(to, tz) === '00:00';
  if (!whole) return `${formatDateTime(from, tz)} – ${formatDateTime(to, tz)}`;
  const [first, last] = [formatDate(from, tz), formatDate(Date.parse(to) - 1, tz)];
  return first === last ? first : `${first} – ${last}`;
}

/** The bounds to the minute with their zone, so that nobody has to guess whose days these are. */
export function boundsWords({ from, to, tz }: Range): string {
  return `From ${formatDateTime(from, tz)} to ${formatDateTime(to, tz)}, ${formatZone(tz, to)}`;
}

export function againstWords({ from, to }: Range): string {
  return `the ${formatSpan(Date.parse(to) - Date.parse(from))} before`;
}

export function sourceWords({ source }: Pick<RangeInput, 'source'>): string {
  return source === 'snowflake' ? 'Calls of all gateways that deliver to Snowflake' : 'Calls through this gateway';
}

/** Null when nothing is filtered. */
export function filterWords({ tags = {}, ...fields }: Filter): string | null {
  const named = [...Object.entries(fields), ...Object.entries(tags).map(([name, values]) => [`tag ${name}`, values])];
  const words = named.flatMap(([name, values]) =>
    Array.isArray(values) && values.length > 0 ? [`${String(name)} ${values.join(' or ')}`] : [],
  );
  return words.length === 0 ? null : `Only calls with ${words.join(', ')}`;
}

/** Says what the sums leave out; null when every call has a price. */
export function unpricedWords({ unpricedCalls, costUsd }: Totals): string | null {
  if (unpricedCalls === 0) return null;
  const calls = `${formatExact(unpricedCalls)} ${unpricedCalls === 1 ? 'call has' : 'calls have'} no known price`;
  return costUsd === null ? `${calls}, so no cost is known.` : `${calls}, so costs here are at least the sums shown.`;
}

export const methodNotes: readonly string[] = [
  'Cost is computed from the tokens that providers reported and the list prices in force at the time of each call. It is no invoice: discounts, credits and taxes are not in it.',
  'A price that is not known counts as unknown, never as zero. Sums with such calls in them are marked “at least”.',
  'The period begins at its first moment and ends before its last. Days follow the time zone named above, so a day has 23 or 25 hours when clocks change.',
  'Latency is measured at the gateway, from the request to the last byte; p95 means that 95 of 100 calls were at least as fast. Errors are failed generation calls; calls that a client cancelled are none.',
];
