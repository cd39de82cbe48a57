import { useShell } from '../../shell/services.tsx';
import { BudgetOffer, BudgetPanel } from '../alerts/budget-panel.tsx';
import { UsagePanel } from '../overview/usage-panel.tsx';
import { useSlots } from '../overview/use-slots.ts';
import { CostTiles } from './cost-tiles.tsx';
import { DailyPanel } from './daily-panel.tsx';
import { TablePanel } from './table-panel.tsx';
import { UnpricedPanel } from './unpriced-panel.tsx';
import { useCosts } from './use-costs.ts';

/** What was spent, by whom, and what the month will come to. */
export function Costs() {
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const groupBy = useShell((state) => state.chartView.groupBy);
  const answers = useCosts();
  const slots = useSlots(groupBy, answers.chart.data?.groups);
  return (
    <div className="overview costs" data-stale={stale}>
      <CostTiles {...answers} />
      <BudgetPanel />
      <BudgetOffer />
      <UsagePanel query={answers.chart} metrics={answers.metrics} slots={slots} />
      <UnpricedPanel query={answers.unmetered} />
      <TablePanel query={answers.table} before={answers.before} />
      <DailyPanel />
    </div>
  );
}
