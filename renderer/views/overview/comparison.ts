/** How a total stands against the previous period, in words. Pure. */
import type { Metrics, Totals } from '../../../contract/analytics.ts';
import type { Measure } from '../../charts/usage-matrix.ts';
import { describeDelta, type DeltaMeaning } from '../../format/delta.ts';
import type { Compared } from './use-previous.ts';

const readings: Readonly<Record<Measure, (totals: Totals) => number | null>> = {
  cost: ({ costUsd }) => costUsd,
  calls: ({ calls }) => calls,
  tokens: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  errors: ({ failed }) => failed,
};

const meanings: Readonly<Record<Measure, DeltaMeaning>> = {
  cost: 'cost',
  calls: 'volume',
  tokens: 'volume',
  errors: 'lower-better',
};

/** "up 12% vs previous 24 h". Of the same answer the tiles are made of, so the two never disagree. */
export function comparedTotal({ totals, previous }: Metrics, measure: Measure, against: string): string {
  const read = readings[measure];
  return describeDelta({
    current: read(totals),
    previous: previous === null ? undefined : read(previous),
    against,
    meaning: meanings[measure],
  }).text;
}

export function comparedLatency({ durationMs, previous }: Metrics, against: string): string {
  const { text } = describeDelta({
    current: durationMs.p95,
    previous: previous?.p95Ms,
    against,
    meaning: 'lower-better',
  });
  return `p95 ${text}`;
}

export interface NoteInput {
  readonly step: string; // "per hour"
  readonly compared: Compared;
  /** Given the words for the earlier period; null where the totals are not known. */
  readonly change: ((against: string) => string) | null;
}

/** Beside the title of a chart: the step of its buckets and, while people compare, the change of the total. */
export function chartNote({ step, compared: { previous, failed }, change }: NoteInput): string {
  if (failed) return `${step} · the previous period could not be read`;
  return previous === null || change === null ? step : `${step} · ${change(previous.name)}`;
}
