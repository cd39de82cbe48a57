import { Button } from '../../components/button.tsx';
import { formatCalls } from '../../format/numbers.ts';
import { formatDateTime } from '../../format/time.ts';
import { useActions, useZone } from '../../shell/services.tsx';
import type { OverviewAnswers } from './use-overview.ts';

const longestMs = 399 * 86_400_000; // a question may span 400 days

/** Calls that no period ending now shows: the clock of their gateway was ahead. */
export function FutureNote({ metrics }: Pick<OverviewAnswers, 'metrics'>) {
  const { choosePeriod } = useActions();
  const tz = useZone();
  const future = metrics.data?.future ?? null;
  if (metrics.data === undefined || future === null) return null;
  const lastMs = Date.parse(future.lastAt);
  const fromMs = Math.max(Date.parse(metrics.data.range.to), lastMs - longestMs);
  return (
    <p className="callout future-note">
      <span>
        {formatCalls(future.calls)} dated in the future, up to {formatDateTime(future.lastAt, tz)}: the clock was ahead
        when they were recorded.
      </span>
      <Button size="small" onPress={() => choosePeriod({ kind: 'custom', fromMs, toMs: lastMs + 1 })}>
        Show them
      </Button>
    </p>
  );
}
