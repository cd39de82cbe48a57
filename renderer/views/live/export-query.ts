/** The live filter as a question about stored calls. Pure. */
import type { QuestionInput } from '../../../contract/analytics.ts';
import { analyticsFilter, type LiveFilter } from '../../live/live-filter.ts';

/** The search field of the question takes one word; further words are applied to its answer on the spot. */
export function storedCallsQuery(filter: LiveFilter, limit: number): QuestionInput<'calls'> {
  const [word] = filter.text.trim().split(/\s+/);
  return {
    ...period(filter),
    filter: analyticsFilter(filter),
    limit,
    ...(word === undefined || word === '' ? {} : { search: word }),
  };
}

export function exportQuery(filter: LiveFilter): Record<string, unknown> {
  const { limit: _all, ...query } = storedCallsQuery(filter, 1);
  return query;
}

function period({ between }: LiveFilter): QuestionInput<'calls'> {
  if (between === null) return { range: '24h' };
  return { from: new Date(between.fromMs).toISOString(), to: new Date(between.toMs).toISOString() };
}
