/** The six tiles of the overview as data. Pure: wording and numbers are tested without drawing. */
import type { Metrics, Range, Totals, UsagePoint } from '../../../contract/analytics.ts';
import { formatCost, formatCostExact } from '../../format/cost.ts';
import { describeDelta, describePoints, type Delta } from '../../format/delta.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatExact, formatRough, formatShare } from '../../format/numbers.ts';

export interface Kpi {
  readonly label: string;
  readonly value: string;
  readonly exact: string;
  readonly qualifier: string | null;
  readonly detail: string;
  readonly delta: Delta;
  readonly trend: readonly (number | null)[];
}

/** @param against words for the earlier period, for example "previous 24 h". */
export function overviewKpis(metrics: Metrics, points: readonly UsagePoint[], against: string): readonly Kpi[] {
  return [
    requestsKpi(metrics, points, against),
    costKpi(metrics, points, against),
    tokensKpi(metrics, points, against),
    latencyKpi(metrics, points, against),
    ttftKpi(metrics, points, against),
    errorKpi(metrics, points, against),
  ];
}

type KpiMaker = (metrics: Metrics, points: readonly UsagePoint[], against: string) => Kpi;

const requestsKpi: KpiMaker = ({ range, totals, previous }, points, against) => ({
  label: 'Requests',
  value: formatCount(totals.calls),
  exact: `${formatExact(totals.calls)} calls, ${formatExact(totals.failed)} failed`,
  qualifier: null,
  detail: perMinute(totals.calls, range),
  delta: describeDelta({ current: totals.calls, previous: previous?.calls, against, meaning: 'volume' }),
  trend: points.map((point) => point.calls),
});

const costKpi: KpiMaker = ({ totals, previous }, points, against) => ({
  label: 'Cost',
  value: formatCost(totals.costUsd),
  exact: costExact(totals),
  qualifier: totals.costUsd !== null && totals.unpricedCalls > 0 ? 'at least' : null,
  detail: perCall(totals),
  delta: describeDelta({ current: totals.costUsd, previous: previous?.costUsd, against, meaning: 'cost' }),
  trend: points.map((point) => point.costUsd),
});

function perMinute(calls: number, { from, to }: Range): string {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const rate = minutes > 0 ? calls / minutes : 0;
  return `${rate >= 10 ? formatExact(rate) : rate.toFixed(1)} per minute`;
}

/** Of the calls that have a price, so that unpriced ones do not make the others look cheap. */
function perCall({ costUsd, pricedCalls }: Totals): string {
  return costUsd === null || pricedCalls === 0 ? 'no priced call' : `${formatCost(costUsd / pricedCalls)} per call`;
}

function costExact({ costUsd, unpricedCalls, calls }: Totals): string {
  if (costUsd === null) return calls === 0 ? 'No calls' : 'No call in this period has a known price';
  const unpriced = unpricedCalls === 0 ? '' : `; ${formatExact(unpricedCalls)} calls have no known price`;
  return `${formatCostExact(costUsd)}${unpriced}`;
}

const tokensKpi: KpiMaker = ({ totals, previous }, points, against) => ({
  label: 'Tokens',
  value: formatCount(totals.totalTokens),
  exact: `${formatExact(totals.inputTokens)} in (${formatExact(totals.cachedInputTokens)} cached), ${formatExact(totals.outputTokens)} out (${formatExact(totals.reasoningTokens)} reasoning)`,
  qualifier: null,
  detail: `${formatRough(totals.inputTokens)} in · ${formatRough(totals.outputTokens)} out · ${formatRough(totals.cachedInputTokens)} cached`,
  delta: describeDelta({ current: totals.totalTokens, previous: previous?.totalTokens, against, meaning: 'volume' }),
  trend: points.map((point) => point.inputTokens + point.outputTokens),
});

const latencyKpi: KpiMaker = ({ durationMs, previous }, points, against) => ({
  label: 'Latency p95',
  value: formatDuration(durationMs.p95),
  exact: `p50 ${formatDuration(durationMs.p50)}, p99 ${formatDuration(durationMs.p99)}`,
  qualifier: null,
  detail: `p50 ${formatDuration(durationMs.p50)} · p99 ${formatDuration(durationMs.p99)}`,
  delta: describeDelta({ current: durationMs.p95, previous: previous?.p95Ms, against, meaning: 'lower-better' }),
  trend: points.map((point) => point.p95Ms),
});

const ttftKpi: KpiMaker = ({ ttftMs, previous }, points, against) => ({
  label: 'First token p50',
  value: formatDuration(ttftMs.p50),
  exact: `Time to first token: p50 ${formatDuration(ttftMs.p50)}, p95 ${formatDuration(ttftMs.p95)}`,
  qualifier: null,
  detail: `p95 ${formatDuration(ttftMs.p95)}`,
  delta: describeDelta({ current: ttftMs.p50, previous: previous?.ttftP50Ms, against, meaning: 'lower-better' }),
  trend: points.map((point) => point.ttftP50Ms),
});

const errorKpi: KpiMaker = ({ totals, previous }, points, against) => ({
  label: 'Errors',
  value: formatShare(errorShare(totals)),
  exact: `${formatExact(totals.failed)} of ${formatExact(totals.generations)} generation calls failed`,
  qualifier: null,
  detail: `${formatCount(totals.failed)} of ${formatCount(totals.calls)} calls failed`,
  delta: describePoints({
    current: errorShare(totals),
    previous: previous === null ? undefined : errorShare(previous),
    against,
    meaning: 'lower-better',
  }),
  trend: points.map((point) => (point.calls === 0 ? null : point.failed / point.calls)),
});

function errorShare({ successRate }: Totals): number | null {
  return successRate === null ? null : 1 - successRate;
}
