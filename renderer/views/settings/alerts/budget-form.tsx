import { useState } from 'react';
import type { Budget, BudgetPeriod } from '../../../../contract/thresholds.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Segmented } from '../../../components/segmented.tsx';
import { Sheet } from '../../../components/sheet.tsx';
import { fieldLabels } from '../../../requests/request-filter.ts';
import { scopeWords } from '../../alerts/budget-words.ts';
import { checkBudget, scopeFields, type BudgetDraft, type BudgetField, type ScopeField } from './budget-draft.ts';
import { SuggestField } from './suggest-field.tsx';
import { useSeenValues } from './use-seen-values.ts';

const periods: readonly { readonly value: BudgetPeriod; readonly label: string }[] = [
  { value: 'day', label: 'Per day' },
  { value: 'month', label: 'Per month' },
];

export interface BudgetFormProps {
  readonly id: string;
  readonly title: string;
  readonly initial: BudgetDraft;
  readonly taken: readonly string[];
  readonly onDone: (budget: Budget) => void;
  readonly onClose: () => void;
}

/** One budget. It is put into the list; the list is saved as a whole. */
export function BudgetForm({ id, title, initial, taken, onDone, onClose }: BudgetFormProps) {
  const { draft, change, field, checked, submit } = useBudget(initial, id, taken);
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        className="entry-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
          if (checked.budget !== null) onDone(checked.budget);
        }}
      >
        <Field
          label="Name"
          placeholder="e.g. Research"
          hint="Alerts call it by this name."
          takesFocus
          {...field('name')}
        />
        <Field label="Amount" placeholder="250" unit="USD" digits {...field('limitUsd')} />
        <div className="field">
          <span className="field-label">Period</span>
          <Segmented label="Period" value={draft.period} options={periods} onChange={(period) => change({ period })} />
        </div>
        <ScopeChoice draft={draft} change={change} />
        <ScopeValue scope={draft.scope} {...field('value')} />
        <div className="row">
          <span className="spacer" />
          <Button look="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit">
            Use this budget
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

function useBudget(initial: BudgetDraft, id: string, taken: readonly string[]) {
  const [draft, setDraft] = useState(initial);
  const [submitted, setSubmitted] = useState(false);
  const checked = checkBudget(draft, id, taken);
  const change = (part: Partial<BudgetDraft>): void => setDraft({ ...draft, ...part });
  const field = (name: BudgetField) => ({
    value: draft[name],
    onChange: (text: string) => change({ [name]: text }),
    problem: submitted || draft[name] !== initial[name] ? (checked.problems.get(name) ?? null) : null,
  });
  return { draft, change, field, checked, submit: () => setSubmitted(true) };
}

interface ScopeChoiceProps {
  readonly draft: BudgetDraft;
  readonly change: (part: Partial<BudgetDraft>) => void;
}

function ScopeChoice({ draft: { scope, kept }, change }: ScopeChoiceProps) {
  const options = [
    { value: 'all', label: 'All' },
    ...scopeFields.map((value) => ({ value, label: fieldLabels[value] })),
    ...(scope === 'kept' ? [{ value: 'kept', label: 'As it is' } as const] : []),
  ] as const;
  return (
    <div className="field">
      <span className="field-label">Calls it counts</span>
      <Segmented
        label="Calls it counts"
        value={scope}
        options={options}
        onChange={(chosen) => change({ scope: chosen, value: '' })}
      />
      {scope === 'kept' ? <span className="fine">{scopeWords(kept)}</span> : null}
    </div>
  );
}

const hints: Readonly<Record<ScopeField, string>> = {
  model: 'The name as the provider calls it.',
  key: 'The label that calls show: keys themselves are never stored.',
  user: 'The name as calls show it.',
  tag: 'Clients send it as the header x-aism-tag-NAME.',
};

interface ScopeValueProps {
  readonly scope: BudgetDraft['scope'];
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly problem: string | null;
}

function ScopeValue({ scope, ...field }: ScopeValueProps) {
  const suggestions = useSeenValues(scope);
  if (scope === 'all' || scope === 'kept') return null;
  const placeholder = scope === 'tag' ? 'team=search' : '';
  return (
    <SuggestField
      key={scope}
      label={fieldLabels[scope]}
      hint={hints[scope]}
      placeholder={placeholder}
      suggestions={suggestions}
      {...field}
    />
  );
}
