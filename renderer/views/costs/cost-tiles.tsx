import { KpiTile } from '../../components/kpi-tile.tsx';
import { PanelError } from '../../components/panel.tsx';
import { formatCost, formatCostExact } from '../../format/cost.ts';
import type { Delta } from '../../format/delta.ts';
import { useNow } from '../../components/use-now.ts';
import { previousWords } from '../../range/range-query.ts';
import { useShell, useZone } from '../../shell/services.tsx';
import { overviewKpis } from '../overview/kpis.ts';
import { forecastMonth } from './forecast.ts';
import type { CostAnswers } from './use-costs.ts';

const says = (text: string): Delta => ({ arrow: 'none', text, tone: 'neutral' });

/** Cost of the period, of the month so far, and of the month to its end. */
export function CostTiles({ metrics, month, week }: CostAnswers) {
  const against = useShell((state) => previousWords(state.range.period));
  if (metrics.data === undefined) {
    return metrics.error === null ? (
      <div className="kpi-row" aria-busy="true">
        <div className="kpi skeleton-tile" />
      </div>
    ) : (
      <div className="panel kpi-error">
        <PanelError error={metrics.error} where="Costs" retry={() => void metrics.refetch()} />
      </div>
    );
  }
  const cost = overviewKpis(metrics.data, [], against).find(({ label }) => label === 'Cost');
  return (
    <div className="kpi-row cost-tiles" data-outdated={metrics.error !== null && !metrics.isFetching}>
      {cost === undefined ? null : <KpiTile {...cost} />}
      <MonthTile month={month} />
      <ForecastTile month={month} week={week} />
    </div>
  );
}

function MonthTile({ month }: Pick<CostAnswers, 'month'>) {
  const { costUsd = null, unpricedCalls = 0 } = month.data?.totals ?? {};
  return (
    <KpiTile
      label="This month so far"
      value={formatCost(costUsd)}
      exact={formatCostExact(costUsd)}
      qualifier={costUsd !== null && unpricedCalls > 0 ? 'at least' : null}
      detail="since the first of the month"
      delta={says(month.error === null ? '' : month.error.message)}
      trend={[]}
    />
  );
}

function ForecastTile({ month, week }: Pick<CostAnswers, 'month' | 'week'>) {
  const nowMs = useNow(60_000);
  const tz = useZone();
  const { costUsd = null, unpricedCalls = 0 } = month.data?.totals ?? {};
  const known = month.data !== undefined && week.data !== undefined;
  const forecast = forecastMonth({ monthCostUsd: costUsd, points: week.data?.points ?? [], nowMs, tz });
  const enough = known && forecast.kind === 'forecast';
  return (
    <KpiTile
      label="Forecast to the month’s end"
      value={enough ? formatCost(forecast.costUsd) : formatCost(null)}
      exact="Linear: the cost so far, plus the daily mean of the last 7 days for the time left"
      qualifier={enough && unpricedCalls > 0 ? 'at least' : null}
      detail={enough ? `so far + ${formatCost(forecast.perDayUsd)} a day` : known ? 'not enough data' : 'asking…'}
      delta={says(enough ? 'daily mean of the last 7 days' : 'needs 3 days of calls')}
      trend={[]}
    />
  );
}
