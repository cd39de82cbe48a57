/** A period as the range part of an analytics question, and as words. */
import type { QuestionSource, RangeInput, RangePreset } from '../../contract/analytics.ts';
import { formatSpan } from '../format/duration.ts';
import { presetLabels, type Bounds, type Period } from './range-state.ts';

/** Presets are sent by name, so the answering side uses its own clock; custom bounds as UTC instants. */
export function rangeQuery(period: Period, tz: string): RangeInput {
  if (period.kind === 'preset') return { range: period.preset, tz };
  return { from: new Date(period.fromMs).toISOString(), to: new Date(period.toMs).toISOString(), tz };
}

/** A question about the fleet says so; one about this gateway says nothing, which is what every answering side assumes. */
export function withSource(range: RangeInput, source: QuestionSource): RangeInput {
  return source === 'duckdb' ? range : { ...range, source };
}

const shortPresets: Readonly<Record<RangePreset, string>> = {
  '15m': '15 min',
  '1h': 'hour',
  '6h': '6 h',
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  today: 'equal period',
  month: 'equal period',
};

/** The earlier period a delta speaks of: "previous 24 h". */
export function previousWords(period: Period): string {
  return `previous ${period.kind === 'preset' ? shortPresets[period.preset] : formatSpan(period.toMs - period.fromMs)}`;
}

export function periodLabel(period: Period, bounds: Bounds): string {
  return period.kind === 'preset' ? presetLabels[period.preset] : `Custom · ${formatSpan(bounds.toMs - bounds.fromMs)}`;
}
