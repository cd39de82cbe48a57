import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Budget, BudgetState } from '../../../../contract/thresholds.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { useNow } from '../../../components/use-now.ts';
import { formatCost } from '../../../format/cost.ts';
import { useZone } from '../../../shell/services.tsx';
import { budgetFacts, periodWords, scopeWords } from '../../alerts/budget-words.ts';
import { useAlerts } from '../../alerts/use-alerts.ts';
import { SettingsGroup } from '../setting.tsx';
import { budgetDraftOf, emptyBudget, type BudgetDraft } from './budget-draft.ts';
import { BudgetForm } from './budget-form.tsx';

interface Editing {
  readonly id: string;
  readonly title: string;
  readonly draft: BudgetDraft;
}

export interface BudgetListProps {
  readonly budgets: readonly Budget[];
  readonly onChange: (budgets: readonly Budget[]) => void;
}

/** As many as the contract takes. */
const mostBudgets = 100;

export function BudgetList({ budgets, onChange }: BudgetListProps) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const done = (budget: Budget): void => {
    const known = budgets.some(({ id }) => id === budget.id);
    onChange(known ? budgets.map((each) => (each.id === budget.id ? budget : each)) : [...budgets, budget]);
    setEditing(null);
  };
  return (
    <SettingsGroup
      title="Budgets"
      hint="You are told once at 80 % and once at 100 % of the amount. Calls go on either way."
    >
      {budgets.length === 0 ? <p className="muted">None yet.</p> : null}
      <BudgetRows
        budgets={budgets}
        onEdit={(budget) => setEditing({ id: budget.id, title: 'Edit budget', draft: budgetDraftOf(budget) })}
        onRemove={({ id }) => onChange(budgets.filter((budget) => budget.id !== id))}
      />
      <AddBudget
        isFull={budgets.length >= mostBudgets}
        onPress={() => setEditing({ id: crypto.randomUUID(), title: 'Add a budget', draft: emptyBudget })}
      />
      {editing === null ? null : (
        <BudgetForm
          id={editing.id}
          title={editing.title}
          initial={editing.draft}
          taken={budgets.filter(({ id }) => id !== editing.id).map(({ name }) => name)}
          onDone={done}
          onClose={() => setEditing(null)}
        />
      )}
    </SettingsGroup>
  );
}

function AddBudget({ isFull, onPress }: { readonly isFull: boolean; readonly onPress: () => void }) {
  return (
    <div className="row">
      <Button isDisabled={isFull} onPress={onPress}>
        <Plus size={14} aria-hidden />
        Add a budget
      </Button>
      {isFull ? <span className="fine">{mostBudgets} is the most there can be.</span> : null}
    </div>
  );
}

interface BudgetRowsProps {
  readonly budgets: readonly Budget[];
  readonly onEdit: (budget: Budget) => void;
  readonly onRemove: (budget: Budget) => void;
}

function BudgetRows({ budgets, onEdit, onRemove }: BudgetRowsProps) {
  const { data } = useAlerts();
  if (budgets.length === 0) return null;
  return (
    <ul className="budget-entries" aria-label="Budgets">
      {budgets.map((budget) => (
        <li key={budget.id} className="budget-entry" data-budget={budget.name}>
          <div className="budget-entry-name">
            <strong className="ellipsis">{budget.name}</strong>
            <span className="fine">{scopeWords(budget.filter)}</span>
          </div>
          <div className="budget-entry-amount num">
            <span>
              {formatCost(budget.limitUsd)} <span className="fine">{periodWords[budget.period]}</span>
            </span>
            <Used state={data?.budgets.find((state) => sameCount(state.budget, budget))} />
          </div>
          <div className="row">
            <IconButton label={`Edit ${budget.name}`} onPress={() => onEdit(budget)}>
              <Pencil size={14} aria-hidden />
            </IconButton>
            <IconButton label={`Remove ${budget.name}`} onPress={() => onRemove(budget)}>
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What was spent of another amount, period or scope would be a wrong share of this one. */
function sameCount(known: Budget, shown: Budget): boolean {
  return JSON.stringify({ ...known, name: '' }) === JSON.stringify({ ...shown, name: '' });
}

function Used({ state }: { readonly state: BudgetState | undefined }) {
  const nowMs = useNow(60_000);
  const tz = useZone();
  if (state === undefined) return <span className="fine">not counted yet</span>;
  const { tone, percent, doubt } = budgetFacts(state, nowMs, tz);
  return (
    <span className={`fine ${tone}-text`} title={doubt ?? undefined}>
      {state.spentUsd === null ? 'no priced call' : `${doubt === null ? '' : 'at least '}${percent} used`}
    </span>
  );
}
