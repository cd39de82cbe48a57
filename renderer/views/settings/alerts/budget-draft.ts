/**
 * One budget as a person types it: text until it is checked against the contract's schema. Pure. A budget over more than one value (the API
 * can make such ones) keeps its filter as it is until another choice is made.
 */
import type { Filter } from '../../../../contract/analytics.ts';
import { Budget, type BudgetPeriod } from '../../../../contract/thresholds.ts';
import { chipProblem, chipsOf, withChip, type FilterChip } from '../../../requests/request-filter.ts';
import { amountOf } from './amount.ts';

export const scopeFields = ['model', 'key', 'user', 'tag'] as const;
export type ScopeField = (typeof scopeFields)[number];
export type Scope = 'all' | ScopeField | 'kept';
export type BudgetField = 'name' | 'limitUsd' | 'value';

export interface BudgetDraft {
  readonly name: string;
  readonly period: BudgetPeriod;
  readonly limitUsd: string;
  readonly scope: Scope;
  readonly value: string;
  readonly kept: Filter; // used where scope is 'kept'
}

export const emptyBudget: BudgetDraft = { name: '', period: 'month', limitUsd: '', scope: 'all', value: '', kept: {} };

export function budgetDraftOf({ name, period, limitUsd, filter }: Budget): BudgetDraft {
  return { name, period, limitUsd: String(limitUsd), ...scopeOf(filter), kept: filter };
}

function scopeOf(filter: Filter): Pick<BudgetDraft, 'scope' | 'value'> {
  const [only, ...more] = chipsOf(filter);
  if (only === undefined) return { scope: 'all', value: '' };
  const field = scopeFields.find((name) => name === only.field);
  return field === undefined || more.length > 0 ? { scope: 'kept', value: '' } : { scope: field, value: only.value };
}

export interface CheckedBudget {
  readonly budget: Budget | null; // null while there is a problem
  readonly problems: ReadonlyMap<BudgetField, string>;
}

/** @param taken names of the other budgets: two of one name could not be told apart in an alert. */
export function checkBudget(draft: BudgetDraft, id: string, taken: readonly string[]): CheckedBudget {
  const problems = new Map<BudgetField, string>();
  const name = draft.name.trim();
  if (name === '' || name.length > 60) problems.set('name', 'Accepted: a name of 1 to 60 characters');
  else if (taken.includes(name)) problems.set('name', 'Another budget has this name; choose a different one');
  const limitUsd = amountOf(draft.limitUsd);
  if (limitUsd === null || limitUsd <= 0 || limitUsd > 1e9)
    problems.set('limitUsd', 'Accepted: US dollars above 0, up to 1,000,000,000, like 250 or 2.50');
  const chip = chipOf(draft);
  const wrong = chip === null ? null : valueProblem(chip);
  if (wrong !== null) problems.set('value', wrong);
  const filter = draft.scope === 'kept' ? draft.kept : chip === null || wrong !== null ? {} : withChip({}, chip);
  const budget = Budget.safeParse({ id, name, period: draft.period, limitUsd, filter });
  return { budget: problems.size === 0 && budget.success ? budget.data : null, problems };
}

function chipOf({ scope, value }: BudgetDraft): FilterChip | null {
  return scope === 'all' || scope === 'kept' ? null : { field: scope, value: value.trim() };
}

const wanted: Readonly<Record<ScopeField, string>> = {
  model: 'Accepted: the name of a model, as calls show it',
  key: 'Accepted: the label of a key, as calls show it',
  user: 'Accepted: the name of a user, as calls show it',
  tag: 'Accepted: NAME=value, for example team=search',
};

function valueProblem(chip: FilterChip): string | null {
  if (chipProblem(chip) === null) return null;
  return (
    scopeFields.map((field) => (field === chip.field ? wanted[field] : null)).find((words) => words !== null) ?? null
  );
}
