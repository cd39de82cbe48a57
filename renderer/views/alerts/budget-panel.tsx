import type { BudgetState } from '../../../contract/thresholds.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { useActions } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { BudgetMeter } from './budget-meter.tsx';
import { useAlerts } from './use-alerts.ts';

/** The budgets of this gateway; nothing where there is none, and nothing about the fleet: a budget is over the calls of one gateway. */
export function BudgetPanel() {
  const query = useAlerts();
  const { source } = useSource();
  if (source === 'snowflake' || query.data === undefined || query.data.budgets.length === 0) return null;
  return (
    <Panel
      title="Budget"
      className="budget-panel"
      query={query}
      isEmpty={() => false}
      empty={null}
      actions={<SetBudgets label="Change…" />}
    >
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

/** Where there is no budget yet: the way to the first one. */
export function BudgetOffer() {
  const { data } = useAlerts();
  const { source } = useSource();
  if (source === 'snowflake' || data === undefined || data.budgets.length > 0) return null;
  return (
    <aside className="budget-offer" aria-label="Budget">
      <span className="muted">No budget yet: set an amount for a day or month, and be told at 80 and 100 % of it.</span>
      <span className="spacer" />
      <SetBudgets label="Set a budget" />
    </aside>
  );
}

function SetBudgets({ label }: { readonly label: string }) {
  const { go } = useActions();
  return (
    <Button size="small" onPress={() => go('settings', 'alerts')}>
      {label}
    </Button>
  );
}

function fullestFirst(budgets: readonly BudgetState[]): readonly BudgetState[] {
  const share = ({ spentUsd, budget }: BudgetState): number => (spentUsd ?? 0) / budget.limitUsd;
  return budgets.toSorted((a, b) => share(b) - share(a));
}
