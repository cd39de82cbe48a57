import { Activity, CalendarRange, FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { useQuestion } from '../../query/use-question.ts';
import { useActions, useZone } from '../../shell/services.tsx';
import { SnippetChooser } from './snippet-chooser.tsx';
import { useSample } from './use-sample.ts';

/** The period holds no calls: either there never were any (how to begin), or others do (how to find them) and the screen stays. */
export function NoTraffic({ children }: { children: ReactNode }) {
  const ever = useQuestion('tiles', 'metrics', { range: '90d', tz: useZone() });
  if (ever.data === undefined) return <div className="empty-screen" aria-busy="true" />;
  return ever.data.totals.calls === 0 ? <FirstSteps /> : children;
}

/** Beside panels that are all empty: where the calls are. */
export function QuietNote() {
  return <EmptyPeriod>No calls in this period; there are some in the last 90 days.</EmptyPeriod>;
}

/** The same about the fleet. Whether there are older calls is not asked: the question would cost. */
export function QuietFleetNote() {
  return <EmptyPeriod>No gateway has delivered a call of this period to Snowflake.</EmptyPeriod>;
}

function EmptyPeriod({ children }: { children: string }) {
  const { choosePeriod } = useActions();
  return (
    <aside className="sample-note">
      <CalendarRange size={14} aria-hidden />
      <span>{children}</span>
      <span className="spacer" />
      <Button size="small" onPress={() => choosePeriod({ kind: 'preset', preset: '90d' })}>
        Show the last 90 days
      </Button>
    </aside>
  );
}

export function FirstSteps() {
  const sample = useSample();
  const { showFirstSteps } = useActions();
  const running = sample.state?.running === true;
  return (
    <div className="empty-screen first-steps">
      <Activity size={28} aria-hidden />
      <h2>Waiting for the first request</h2>
      <p>
        Point an SDK at the gateway: the base URL is the only thing that changes. Your key and your data pass straight
        through.
      </p>
      <SnippetChooser />
      <div className="or">or look around first</div>
      <div className="row">
        <Button isDisabled={sample.busy || running} onPress={() => sample.act('start')}>
          <FlaskConical size={14} aria-hidden />
          {running ? 'Sample traffic is on its way…' : 'Start sample traffic'}
        </Button>
        <Button look="quiet" onPress={showFirstSteps}>
          Go through it step by step
        </Button>
      </div>
      <p className="fine">
        Sample rows are labelled and can be removed with one click. No key is needed and nothing leaves this machine.
      </p>
    </div>
  );
}
