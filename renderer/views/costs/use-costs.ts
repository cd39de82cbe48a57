import type { UseQueryResult } from '@tanstack/react-query';
import type { GroupBy } from '../../../contract/analytics.ts';
import { useQuestion, type AnswerOf } from '../../query/use-question.ts';
import { withSource } from '../../range/range-query.ts';
import { useZone } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { useRangeInput } from '../overview/use-overview.ts';

export interface CostAnswers {
  readonly metrics: UseQueryResult<AnswerOf<'metrics'>>;
  readonly chart: UseQueryResult<AnswerOf<'usage'>>;
  readonly table: UseQueryResult<AnswerOf<'usage'>>;
  readonly unmetered: UseQueryResult<AnswerOf<'unmetered'>>;
  readonly month: UseQueryResult<AnswerOf<'metrics'>>;
  readonly week: UseQueryResult<AnswerOf<'usage'>>;
}

/** The chart shows as many groups as there are colours; the table all that one question gives. */
export const chartGroups = 7;
const tableGroups = 50;

export function useCosts(groupBy: GroupBy): CostAnswers {
  const range = useRangeInput();
  const tz = useZone();
  const { source } = useSource();
  return {
    metrics: useQuestion('tiles', 'metrics', range),
    chart: useQuestion('panels', 'usage', { ...range, groupBy, groupLimit: chartGroups }),
    table: useQuestion('panels', 'usage', { ...range, groupBy, groupLimit: tableGroups }),
    unmetered: useQuestion('panels', 'unmetered', { ...range, limit: 500 }),
    month: useQuestion('panels', 'metrics', withSource({ range: 'month', tz }, source)),
    week: useQuestion('panels', 'usage', { ...withSource({ range: '7d', tz }, source), bucket: '1h' }),
  };
}
