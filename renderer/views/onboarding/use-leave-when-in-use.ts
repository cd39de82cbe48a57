import { useEffect, useRef } from 'react';
import { useAsk, useQuestion } from '../../query/use-question.ts';
import { useActions, useZone } from '../../shell/services.tsx';

/**
 * An installation that has calls, or was started to show sample traffic, needs no first steps: they close by themselves. Decided once, as soon as
 * the gateway answers; calls that come later are the first ones.
 */
export function useLeaveWhenInUse(): void {
  const { endFirstSteps } = useActions();
  const ever = useQuestion('tiles', 'metrics', { range: '90d', tz: useZone() });
  const sample = useAsk('sampleState', undefined);
  const decided = useRef(false);
  useEffect(() => {
    if (decided.current || ever.data === undefined || sample.data === undefined) return;
    decided.current = true;
    if (ever.data.totals.calls > 0 || sample.data.running) endFirstSteps();
  }, [ever.data, sample.data, endFirstSteps]);
}
