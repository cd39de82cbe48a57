import type { UseQueryResult } from '@tanstack/react-query';
import { useNow } from '../../components/use-now.ts';
import { useQuestion, type AnswerOf } from '../../query/use-question.ts';
import { previousRange } from '../../range/previous-range.ts';
import { withSource } from '../../range/range-query.ts';
import { useShell, useZone } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { useRangeInput } from '../overview/use-overview.ts';
import { slotCount } from '../overview/use-slots.ts';
import { fullDays } from './forecast.ts';

export interface CostAnswers {
  readonly metrics: UseQueryResult<AnswerOf<'metrics'>>;
  readonly chart: UseQueryResult<AnswerOf<'usage'>>;
  readonly table: UseQueryResult<AnswerOf<'usage'>>;
  /** The same groups in the previous period; without data unless people compare. */
  readonly before: UseQueryResult<AnswerOf<'usage'>>;
  readonly unmetered: UseQueryResult<AnswerOf<'unmetered'>>;
  readonly month: UseQueryResult<AnswerOf<'metrics'>>;
  readonly days: UseQueryResult<AnswerOf<'usage'>>;
}

/** The chart shows as many groups as there are colours; the table all that one question gives. */
export const tableGroups = 50;

export function useCosts(): CostAnswers {
  const range = useRangeInput();
  const tz = useZone();
  const { source } = useSource();
  const { compare, groupBy } = useShell((state) => state.chartView);
  const nowMs = useNow(60_000);
  const table = useQuestion('panels', 'usage', { ...range, groupBy, groupLimit: tableGroups });
  const earlier =
    compare && table.data !== undefined ? withSource({ ...previousRange(table.data.range), tz }, source) : null;
  return {
    metrics: useQuestion('tiles', 'metrics', range),
    chart: useQuestion('panels', 'usage', { ...range, groupBy, groupLimit: slotCount }),
    table,
    before: useQuestion('panels', 'usage', earlier === null ? null : { ...earlier, groupBy, groupLimit: tableGroups }),
    unmetered: useQuestion('panels', 'unmetered', { ...range, limit: 500 }),
    month: useQuestion('panels', 'metrics', withSource({ range: 'month', tz }, source)),
    days: useQuestion('panels', 'usage', { ...withSource({ ...fullDays(nowMs, tz), tz }, source), bucket: '1d' }),
  };
}
