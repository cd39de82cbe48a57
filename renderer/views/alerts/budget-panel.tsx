import type { BudgetState } from '../../../contract/thresholds.ts';
import { Panel } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { useSource } from '../../shell/use-source.ts';
import { BudgetMeter } from './budget-meter.tsx';
import { useAlerts } from './use-alerts.ts';

/** The budgets of this gateway; nothing where there is none, and nothing about the fleet: a budget is over the calls of one gateway. */
export function BudgetPanel() {
  const query = useAlerts();
  const { source } = useSource();
  if (source === 'snowflake' || query.data === undefined || query.data.budgets.length === 0) return null;
  return (
    <Panel title="Budget" className="budget-panel" query={query} isEmpty={() => false} empty={null}>
      {({ budgets }) => (
        <ul className="budget-meters" aria-label="Budgets, fullest first" {...scrollable}>
          {fullestFirst(budgets).map((state) => (
            <BudgetMeter key={state.budget.id} state={state} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function fullestFirst(budgets: readonly BudgetState[]): readonly BudgetState[] {
  const share = ({ spentUsd, budget }: BudgetState): number => (spentUsd ?? 0) / budget.limitUsd;
  return budgets.toSorted((a, b) => share(b) - share(a));
}
