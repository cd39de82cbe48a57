import type { UseQueryResult } from '@tanstack/react-query';
import type { RangeInput } from '../../../contract/analytics.ts';
import { useQuestion, type AnswerOf } from '../../query/use-question.ts';
import { rangeQuery, withSource } from '../../range/range-query.ts';
import { useShell, useZone } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { slotCount } from './use-slots.ts';

export interface OverviewAnswers {
  readonly metrics: UseQueryResult<AnswerOf<'metrics'>>;
  readonly usage: UseQueryResult<AnswerOf<'usage'>>;
  readonly usageByGroup: UseQueryResult<AnswerOf<'usage'>>;
  readonly models: UseQueryResult<AnswerOf<'models'>>;
  readonly endpoints: UseQueryResult<AnswerOf<'endpoints'>>;
  readonly errors: UseQueryResult<AnswerOf<'errors'>>;
  readonly unmetered: UseQueryResult<AnswerOf<'unmetered'>>;
}

export function useRangeInput(): RangeInput {
  const period = useShell((state) => state.range.period);
  return withSource(rangeQuery(period, useZone()), useSource().source);
}

/** Every answer of the overview. The tiles and their trends follow each ended call at once, the rest a little later. */
export function useOverview(): OverviewAnswers {
  const range = useRangeInput();
  const groupBy = useShell((state) => state.chartView.groupBy);
  return {
    metrics: useQuestion('tiles', 'metrics', range),
    usage: useQuestion('tiles', 'usage', range),
    usageByGroup: useQuestion('panels', 'usage', { ...range, groupBy, groupLimit: slotCount }),
    models: useQuestion('panels', 'models', { ...range, limit: 12 }),
    endpoints: useQuestion('panels', 'endpoints', { ...range, limit: 20 }),
    errors: useQuestion('panels', 'errors', { ...range, limit: 20 }),
    unmetered: useQuestion('panels', 'unmetered', { ...range, limit: 500 }),
  };
}
