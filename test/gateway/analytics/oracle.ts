/** The analytics rules (DESIGN §7) once more, in plain TypeScript over arrays, to check the SQL against. */
import type { Filter, Totals } from '../../../contract/analytics.ts';
import { generationSurfaces, succeeded, type UsageRecord } from '../../../contract/usage-record.ts';

export type Records = readonly UsageRecord[];

export const isGeneration = (record: UsageRecord): boolean => generationSurfaces.includes(record.surface);
export const cameBack = (record: UsageRecord): boolean => isGeneration(record) && succeeded(record);
export const failed = (record: UsageRecord): boolean => isGeneration(record) && !succeeded(record);
/** May have cost something: neither refused, nor lost before it reached the upstream. */
export const unpriced = (record: UsageRecord): boolean =>
  isGeneration(record) &&
  record.costUsd === null &&
  (record.statusCode ?? 200) < 400 &&
  !(record.outcome === 'network_error' && /^upstream_(refused|dns|tls)$/.test(record.errorCode ?? ''));

export function within(records: Records, fromMs: number, toMs: number): Records {
  return records.filter(({ startedAt }) => Date.parse(startedAt) >= fromMs && Date.parse(startedAt) < toMs);
}

export function matching(records: Records, filter: Filter): Records {
  const allows = (values: readonly string[] | undefined, value: string | null | undefined) =>
    values === undefined || (value !== null && value !== undefined && values.includes(value));
  return records.filter(
    (record) =>
      allows(filter.upstream, record.upstream) &&
      allows(filter.provider, record.provider) &&
      allows(filter.model, record.model) &&
      allows(filter.endpoint, record.endpoint) &&
      allows(filter.surface, record.surface) &&
      allows(filter.outcome, record.outcome) &&
      allows(filter.user, record.userId) &&
      allows(filter.session, record.sessionId) &&
      allows(filter.key, record.keyId) &&
      Object.entries(filter.tags ?? {}).every(([name, values]) => allows(values, record.tags[name])),
  );
}

type NumericField = { [K in keyof UsageRecord]-?: UsageRecord[K] extends number | null ? K : never }[keyof UsageRecord];

/** Known values of a field. */
export function known(records: Records, field: NumericField): number[] {
  return records.map((record) => record[field]).filter((value) => value !== null);
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const tokens = (records: Records, field: NumericField): number =>
  sum(known(records.filter(isGeneration), field));

/** Exact to the nano-dollar, as the decimal column is; null when nothing has a price. */
export function cost(records: Records): number | null {
  const costs = known(records, 'costUsd');
  return costs.length === 0
    ? null
    : Number(costs.reduce((total, value) => total + BigInt(Math.round(value * 1e9)), 0n)) / 1e9;
}

export function totals(records: Records): Totals {
  const generations = records.filter(isGeneration).length;
  const whole = records.filter(cameBack).length;
  return {
    calls: records.length,
    generations,
    succeeded: whole,
    failed: generations - whole,
    successRate: generations === 0 ? null : whole / generations,
    inputTokens: tokens(records, 'inputTokens'),
    outputTokens: tokens(records, 'outputTokens'),
    cachedInputTokens: tokens(records, 'cachedInputTokens'),
    reasoningTokens: tokens(records, 'reasoningTokens'),
    totalTokens: tokens(records, 'totalTokens'),
    costUsd: cost(records),
    pricedCalls: known(records, 'costUsd').length,
    unpricedCalls: records.filter(unpriced).length,
    mismatchedCalls: records.filter((record) => record.usageMismatch).length,
  };
}

/** How far, as a share of all values, `value` lies from the rank `fraction`; null must mean that there are no values. */
export function rankError(values: readonly number[], fraction: number, value: number | null): number {
  if (value === null || values.length === 0) return value === null && values.length === 0 ? 0 : 1;
  const below = values.filter((other) => other < value).length;
  const upTo = values.filter((other) => other <= value).length;
  const rank = fraction * (values.length - 1);
  const distance = Math.max(0, below - 1 - rank, rank - upTo);
  return distance / values.length;
}

/** Groups in no particular order. */
export function groupedBy(records: Records, key: (record: UsageRecord) => string): Map<string, UsageRecord[]> {
  return Map.groupBy(records, key);
}

const wallFormats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock from Intl alone: `date` and `hour` (with the offset, which tells a repeated hour from its first run). */
export function wallClock(
  tz: string,
  ms: number,
): { readonly date: string; readonly hour: string; readonly hourOfDay: number } {
  const format = wallFormats.get(tz) ?? new Intl.DateTimeFormat('en-CA', wallOptions(tz));
  wallFormats.set(tz, format);
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return { date, hour: `${date} ${parts['hour']} ${parts['timeZoneName']}`, hourOfDay: Number(parts['hour']) };
}

const wallOptions = (timeZone: string): Intl.DateTimeFormatOptions => ({
  timeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});
