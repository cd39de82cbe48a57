import { KpiTile } from '../../components/kpi-tile.tsx';
import { PanelError } from '../../components/panel.tsx';
import { previousWords } from '../../range/range-query.ts';
import { useShell } from '../../shell/services.tsx';
import { overviewKpis } from './kpis.ts';
import type { OverviewAnswers } from './use-overview.ts';

export function KpiRow({ metrics, usage }: Pick<OverviewAnswers, 'metrics' | 'usage'>) {
  const against = useShell((state) => previousWords(state.range.period));
  if (metrics.data === undefined) return <KpiRowWithoutData metrics={metrics} />;
  const kpis = overviewKpis(metrics.data, usage.data?.points ?? [], against);
  return (
    <div className="kpi-row" data-outdated={metrics.error !== null && !metrics.isFetching}>
      {kpis.map((kpi) => (
        <KpiTile key={kpi.label} {...kpi} />
      ))}
    </div>
  );
}

const tileCount = 6;

function KpiRowWithoutData({ metrics }: Pick<OverviewAnswers, 'metrics'>) {
  if (metrics.error !== null) {
    return (
      <div className="panel kpi-error">
        <PanelError error={metrics.error} where="Overview" retry={() => void metrics.refetch()} />
      </div>
    );
  }
  return (
    <div className="kpi-row" aria-busy="true">
      {Array.from({ length: tileCount }, (_, index) => (
        <div key={index} className="kpi skeleton-tile" />
      ))}
    </div>
  );
}
