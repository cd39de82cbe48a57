/** What is asked to save the cost table as CSV: exactly its period, source and groups. Pure. */
import type { GroupBy } from '../../../contract/analytics.ts';
import type { ListQuestion } from '../../../contract/reports.ts';

export interface ListExport {
  readonly question: ListQuestion;
  readonly query: Record<string, unknown>;
}

/** Groups that a question lists whole, one row each. The others are rows of day and group. */
const lists: Partial<Record<GroupBy, ListQuestion>> = {
  model: 'models',
  user: 'users',
  session: 'sessions',
  key: 'keys',
};

const mostGroups = 50;

export function tableExport(range: Readonly<Record<string, unknown>>, groupBy: GroupBy): ListExport {
  const question = lists[groupBy];
  if (question !== undefined) return { question, query: { ...range } };
  return { question: 'usage', query: { ...range, groupBy, groupLimit: mostGroups, bucket: '1d' } };
}
