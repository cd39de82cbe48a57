/** The previous period of a usage answer, asked only while people compare. */
import { useMemo } from 'react';
import type { Usage } from '../../../contract/analytics.ts';
import { previousPeriod, type PreviousPeriod } from '../../charts/previous.ts';
import { useQuestion } from '../../query/use-question.ts';
import { comparedWords, previousRange } from '../../range/previous-range.ts';
import { withSource } from '../../range/range-query.ts';
import { useShell } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';

export interface Compared {
  readonly previous: PreviousPeriod | null; // null = not compared, or not known yet
  readonly failed: boolean;
}

export function usePrevious(usage: Usage | undefined): Compared {
  const compare = useShell((state) => state.chartView.compare);
  const period = useShell((state) => state.range.period);
  const { source } = useSource();
  const asked = compare && usage !== undefined;
  const range = asked ? withSource({ ...previousRange(usage.range), tz: usage.range.tz }, source) : null;
  const { data, error } = useQuestion(
    'panels',
    'usage',
    asked && range !== null ? { ...range, bucket: usage.bucket } : null,
  );
  const previous = useMemo(() => {
    if (!asked || data === undefined || data.bucket !== usage.bucket) return null;
    return previousPeriod(comparedWords(period, usage.range), data, bucketCount(usage));
  }, [asked, data, usage, period]);
  return { previous, failed: asked && error !== null };
}

function bucketCount({ points }: Usage): number {
  return new Set(points.map(({ at }) => at)).size;
}
