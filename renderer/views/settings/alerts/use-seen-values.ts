import { useQuestion } from '../../../query/use-question.ts';
import type { Scope } from './budget-draft.ts';

/** Of this gateway alone, as budgets are. */
const query = { range: '30d', source: 'duckdb', limit: 50 } as const;

/** What a budget could be for, out of the last 30 days; only the question of the chosen field is asked. No question lists tags. */
export function useSeenValues(scope: Scope): readonly string[] {
  const models = useQuestion('panels', 'models', scope === 'model' ? query : null);
  const users = useQuestion('panels', 'users', scope === 'user' ? query : null);
  const keys = useQuestion('panels', 'keys', scope === 'key' ? query : null);
  if (scope === 'model') return known(models.data?.models.map(({ model }) => model));
  if (scope === 'user') return known(users.data?.users.map(({ id }) => id));
  return scope === 'key' ? known(keys.data?.keys.map(({ id }) => id)) : [];
}

function known(values: readonly (string | null)[] = []): readonly string[] {
  return [...new Set(values)].filter((value): value is string => value !== null && value !== '');
}
