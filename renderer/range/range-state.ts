/**
 * The chosen period and its history. Invariants: `from` < `to` for a custom period; a preset has no bounds of its own (they follow the
 * clock); going somewhere new clears the forward history.
 */
import type { RangePreset } from '../../contract/analytics.ts';
import { localMidnight } from './local-midnight.ts';

export type Period =
  | { readonly kind: 'preset'; readonly preset: RangePreset }
  | { readonly kind: 'custom'; readonly fromMs: number; readonly toMs: number };

export interface RangeState {
  readonly period: Period;
  readonly past: readonly Period[];
  readonly future: readonly Period[];
}

export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const historyLimit = 50;
/** The shortest period a drag can choose; the finest bucket is a minute. */
export const shortestPeriodMs = minuteMs;
const longestPeriodMs = 730 * dayMs;

const presetSpans: Partial<Record<RangePreset, number>> = {
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
};

export const presetLabels: Readonly<Record<RangePreset, string>> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  today: 'Today',
  month: 'This month',
};

const wider: Partial<Record<RangePreset, RangePreset>> = {
  '15m': '1h',
  '1h': '6h',
  '6h': '24h',
  '24h': '7d',
  today: '7d',
  '7d': '30d',
  '30d': '90d',
  month: '90d',
};

export function initialRange(preset: RangePreset = '24h'): RangeState {
  return { period: { kind: 'preset', preset }, past: [], future: [] };
}

/** The instants a period stands for at `nowMs`, in the shown zone (today and this month begin at its midnight). */
export function boundsOf(period: Period, nowMs: number, tz: string): Bounds {
  if (period.kind === 'custom') return { fromMs: period.fromMs, toMs: period.toMs };
  const spanMs = presetSpans[period.preset];
  if (spanMs !== undefined) return { fromMs: nowMs - spanMs, toMs: nowMs };
  return { fromMs: localMidnight(nowMs, tz, period.preset === 'month' ? 'month' : 'day'), toMs: nowMs };
}

export function goTo(state: RangeState, period: Period): RangeState {
  if (samePeriod(state.period, period)) return state;
  return { period, past: [...state.past, state.period].slice(-historyLimit), future: [] };
}

/** A custom period from two instants in any order; null when it is too short to show. */
export function customPeriod(aMs: number, bMs: number): Period | null {
  const [fromMs, toMs] = [Math.round(Math.min(aMs, bMs)), Math.round(Math.max(aMs, bMs))];
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs - fromMs < shortestPeriodMs) return null;
  return { kind: 'custom', fromMs, toMs };
}

export function goBack(state: RangeState): RangeState {
  const period = state.past.at(-1);
  if (period === undefined) return state;
  return { period, past: state.past.slice(0, -1), future: [state.period, ...state.future] };
}

export function goForward(state: RangeState): RangeState {
  const [period, ...future] = state.future;
  if (period === undefined) return state;
  return { period, past: [...state.past, state.period], future };
}

/** Twice as wide around the same centre, never past now; a preset becomes the next wider one. Always exceeds the current period. */
export function zoomOut(state: RangeState, nowMs: number, tz: string): RangeState {
  if (state.period.kind === 'preset') {
    const preset = wider[state.period.preset];
    if (preset !== undefined) return goTo(state, { kind: 'preset', preset });
  }
  const { fromMs, toMs } = boundsOf(state.period, nowMs, tz);
  const spanMs = Math.min(2 * (toMs - fromMs), longestPeriodMs);
  const end = Math.min(nowMs, toMs + (toMs - fromMs) / 2);
  return goTo(state, { kind: 'custom', fromMs: Math.round(Math.min(fromMs, end - spanMs)), toMs: Math.round(end) });
}

/** A period that ends before now does not move, so there is nothing live in it. */
export function isLivePeriod(period: Period, nowMs: number): boolean {
  return period.kind === 'preset' || period.toMs >= nowMs;
}

export function samePeriod(a: Period, b: Period): boolean {
  if (a.kind === 'preset') return b.kind === 'preset' && a.preset === b.preset;
  return b.kind === 'custom' && a.fromMs === b.fromMs && a.toMs === b.toMs;
}
