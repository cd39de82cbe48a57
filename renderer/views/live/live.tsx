import { GuardedPart } from '../../components/fault.tsx';
import { useMemo } from 'react';
import { visibleRows } from '../../live/visible-rows.ts';
import { useLive, useShell } from '../../shell/services.tsx';
import { FirstSteps } from '../onboarding/no-traffic.tsx';
import { SampleNote } from '../onboarding/sample-note.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Peek } from './peek.tsx';
import { Tail } from './tail.tsx';
import { useOlderCalls } from './use-older-calls.ts';
import { VolumeSelector } from './volume-selector.tsx';

export function Live() {
  const older = useOlderCalls();
  const tail = useLive((state) => state.rows);
  const stored = useLive((state) => state.older);
  const pause = useLive((state) => state.pause);
  const filter = useShell((shell) => shell.liveFilter);
  const peeking = useShell((shell) => shell.peeking);
  const stale = useShell((shell) => shell.status !== null && shell.status.live === 'lost');
  const rows = useMemo(() => visibleRows({ rows: tail, older: stored, pause }, filter), [tail, stored, pause, filter]);
  const nothingYet = tail.length === 0 && stored.length === 0;
  if (nothingYet && older === 'none') return <FirstSteps />;
  return (
    <div className="live" data-stale={stale}>
      <SampleNote />
      <VolumeSelector />
      <FilterBar shown={rows.length} />
      <div className="live-body" data-peeking={peeking}>
        <Tail rows={rows} loading={nothingYet} />
        <GuardedPart resetKey={peeking}>{peeking ? <Peek rows={rows} /> : null}</GuardedPart>
      </div>
    </div>
  );
}
