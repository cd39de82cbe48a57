import type { UseQueryResult } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { KpiTile } from '../../components/kpi-tile.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatCost, formatCostExact } from '../../format/cost.ts';
import type { Delta } from '../../format/delta.ts';
import { formatCalls } from '../../format/numbers.ts';
import { previousWords } from '../../range/range-query.ts';
import { useShell, useZone } from '../../shell/services.tsx';
import { overviewKpis } from '../overview/kpis.ts';
import { forecastMonth } from './forecast.ts';
import { forecastBasis, forecastDetail, forecastMethod } from './forecast-words.ts';
import type { CostAnswers } from './use-costs.ts';

const says = (text: string): Delta => ({ arrow: 'none', text, tone: 'neutral' });

/** Cost of the period, of the month so far, and of the month to its end. Each fails alone. */
export function CostTiles({ metrics, month, days }: CostAnswers) {
  return (
    <div className="kpi-row cost-tiles">
      <PeriodTile metrics={metrics} />
      <MonthTile month={month} />
      <ForecastTile month={month} days={days} />
    </div>
  );
}

function PeriodTile({ metrics }: Pick<CostAnswers, 'metrics'>) {
  const against = useShell((state) => previousWords(state.range.period));
  if (metrics.data === undefined) return <TileWithoutData label="Cost" queries={[metrics]} />;
  const cost = overviewKpis(metrics.data, [], against).find(({ label }) => label === 'Cost');
  return cost === undefined ? null : <KpiTile {...cost} outdated={isOutdated(metrics)} />;
}

function MonthTile({ month }: Pick<CostAnswers, 'month'>) {
  if (month.data === undefined) return <TileWithoutData label="This month so far" queries={[month]} />;
  const { costUsd, unpricedCalls, calls } = month.data.totals;
  return (
    <KpiTile
      label="This month so far"
      value={formatCost(costUsd)}
      exact={formatCostExact(costUsd)}
      qualifier={costUsd !== null && unpricedCalls > 0 ? 'at least' : null}
      detail="since the first of the month"
      delta={says(calls === 0 ? 'no calls' : formatCalls(calls))}
      trend={[]}
      outdated={isOutdated(month)}
    />
  );
}

function ForecastTile({ month, days }: Pick<CostAnswers, 'month' | 'days'>) {
  const nowMs = useNow(60_000);
  const tz = useZone();
  const label = 'Forecast to the month’s end';
  if (month.data === undefined || days.data === undefined)
    return <TileWithoutData label={label} queries={[month, days]} />;
  const { costUsd, unpricedCalls } = month.data.totals;
  const forecast = forecastMonth({ monthCostUsd: costUsd, days: days.data.points, nowMs, tz });
  const known = forecast.kind === 'forecast';
  const unpriced = unpricedCalls + days.data.points.reduce((sum, point) => sum + point.unpricedCalls, 0);
  return (
    <KpiTile
      label={label}
      value={known ? formatCost(forecast.costUsd) : formatCost(null)}
      exact={forecastMethod(forecast, unpriced)}
      qualifier={known && unpriced > 0 ? 'at least' : null}
      detail={forecastDetail(forecast)}
      delta={says(forecastBasis(forecast))}
      trend={[]}
      outdated={isOutdated(month) || isOutdated(days)}
    />
  );
}

type Query = Pick<UseQueryResult, 'error' | 'isFetching' | 'refetch'>;

function isOutdated({ error, isFetching }: Query): boolean {
  return error !== null && !isFetching;
}

function TileWithoutData({ label, queries }: { label: string; queries: readonly Query[] }) {
  const failed = queries.find(({ error }) => error !== null);
  if (failed?.error === undefined || failed.error === null)
    return (
      <article className="kpi skeleton-tile" aria-busy="true" aria-label={label}>
        <h2>{label}</h2>
      </article>
    );
  return (
    <article className="kpi failed-tile" aria-label={label} role="alert">
      <h2>{label}</h2>
      <p className="failed-words" title={failed.error.message}>
        {failed.error.message}
      </p>
      <Button size="small" onPress={() => queries.forEach((query) => void query.refetch())}>
        <RotateCw size={13} aria-hidden />
        Retry
      </Button>
    </article>
  );
}
