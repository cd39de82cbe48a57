/** The live filter as a question about stored calls. Pure. */
import type { QuestionInput } from '../../../contract/analytics.ts';
import { analyticsFilter, type LiveFilter } from '../../live/live-filter.ts';

/** As much as the question takes. */
const longestSearch = 200;

/** Words of the text as the list takes them: all of them, each anywhere. */
export function storedCallsQuery(filter: LiveFilter, limit: number): QuestionInput<'calls'> {
  const search = filter.text.trim().slice(0, longestSearch);
  return { ...period(filter), filter: analyticsFilter(filter), limit, ...(search === '' ? {} : { search }) };
}

export function exportQuery(filter: LiveFilter): Record<string, unknown> {
  const { limit: _all, ...query } = storedCallsQuery(filter, 1);
  return query;
}

function period({ between }: LiveFilter): QuestionInput<'calls'> {
  if (between === null) return { range: '24h' };
  return { from: new Date(between.fromMs).toISOString(), to: new Date(between.toMs).toISOString() };
}
