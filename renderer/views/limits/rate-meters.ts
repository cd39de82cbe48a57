/** Rates against the limits a person entered, as meters. Pure: words and shares are tested without drawing. */
import type { LimitRow, QuotaReset } from '../../../contract/analytics.ts';
import type { RateLimit } from '../../../contract/thresholds.ts';
import { formatSpan } from '../../format/duration.ts';
import { formatExact } from '../../format/numbers.ts';
import { formatMinute } from '../../format/time.ts';

export interface RateMeter {
  readonly name: 'Requests a minute' | 'Input tokens a minute' | 'Requests a day';
  readonly seen: number;
  readonly peak: number | null; // busiest minute of the period; null for a day
  readonly limit: number | null;
  readonly share: number | null; // of the limit, may exceed 1; null without one
  readonly tone: 'good' | 'warn' | 'bad';
  readonly words: string; // '12 of 60'
}

/** From here on a limit is close. */
const closeShare = 0.8;

export function rateMeters(row: LimitRow, limit: RateLimit | null): readonly RateMeter[] {
  return [
    meter('Requests a minute', row.requestsLastMinute, row.peakRequestsPerMinute, limit?.requestsPerMinute ?? null),
    meter('Input tokens a minute', row.tokensLastMinute, row.peakTokensPerMinute, limit?.tokensPerMinute ?? null),
    meter('Requests a day', row.requestsToday, null, limit?.requestsPerDay ?? null),
  ];
}

function meter(name: RateMeter['name'], seen: number, peak: number | null, limit: number | null): RateMeter {
  const share = limit === null ? null : seen / limit;
  return { name, seen, peak, limit, share, tone: toneOf(share), words: wordsOf(seen, limit) };
}

function toneOf(share: number | null): RateMeter['tone'] {
  if (share === null || share < closeShare) return 'good';
  return share < 1 ? 'warn' : 'bad';
}

const wordsOf = (seen: number, limit: number | null): string =>
  limit === null ? `${formatExact(seen)}, no limit entered` : `${formatExact(seen)} of ${formatExact(limit)}`;

/** The limit that speaks of this row: the one for its key and model before one for every key or every model. */
export function limitOf(row: LimitRow, limits: readonly RateLimit[]): RateLimit | null {
  const speaks = ({ provider, model, key }: RateLimit): boolean =>
    provider === row.provider && (model === null || model === row.model) && (key === null || key === row.key);
  const rank = ({ model, key }: RateLimit): number => (model === null ? 0 : 2) + (key === null ? 0 : 1);
  return limits.filter(speaks).toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** 'Daily quota starts again in 3 h 12 min, at 09:00': the provider's midnight on the reader's clock. */
export function resetWords({ from, nextAt }: QuotaReset, nowMs: number, tz: string): string {
  if (nextAt === null) return 'No daily reset: the last 24 hours count';
  const left = Math.max(0, Date.parse(nextAt) - nowMs);
  return `Daily quota starts again in ${formatSpan(left)}, at ${formatMinute(nextAt, tz)}; counted since ${formatMinute(from, tz)}`;
}
