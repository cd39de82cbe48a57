import { FlaskConical } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { formatExact } from '../../format/numbers.ts';
import { useSample } from './use-sample.ts';

/** Says that sample rows are among the numbers, and how to be rid of them; nothing when there are none. */
export function SampleNote() {
  const { state, busy, act } = useSample();
  if (state === undefined || (!state.running && (state.rows ?? 0) === 0)) return null;
  return (
    <aside className="sample-note">
      <FlaskConical size={14} aria-hidden />
      <span>
        {state.running ? 'Sample traffic is running. ' : ''}
        {state.rows === null ? 'Its' : <strong className="num">{formatExact(state.rows)}</strong>}{' '}
        {state.rows === null ? 'rows' : 'sample rows'} are part of these numbers.
      </span>
      <span className="spacer" />
      {state.running ? (
        <Button size="small" isDisabled={busy} onPress={() => act('stop')}>
          Stop sample traffic
        </Button>
      ) : null}
      <Button size="small" look="quiet" isDisabled={busy} onPress={() => act('remove')}>
        Remove sample rows
      </Button>
    </aside>
  );
}
