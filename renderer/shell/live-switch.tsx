import { Pause, Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { Hint } from '../components/hint.tsx';
import { formatClock } from '../format/time.ts';
import { formatExact } from '../format/numbers.ts';
import { useActions, useLive, useShell, useZone } from './services.tsx';

/** One switch between live and paused; paused says since when and how much has come since, and nothing is called live that is not. */
export function LiveSwitch() {
  const { toggleLive } = useActions();
  const tz = useZone();
  const pausedAtMs = useLive((state) => state.pause?.atMs ?? null);
  const newRows = useLive((state) => state.pause?.newRows ?? 0);
  const connected = useShell((state) => state.status?.live === 'connected');
  const paused = pausedAtMs !== null;
  return (
    <Hint text={paused ? 'Resume · L' : 'Pause · L'}>
      <Button
        className={`live-switch ${paused ? 'paused' : connected ? 'live-now' : 'waiting'}`}
        aria-pressed={!paused}
        onPress={toggleLive}
        data-live-switch
      >
        {paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
        {paused ? (
          <span className="num">
            Paused {formatClock(pausedAtMs, tz)}, {formatExact(newRows)} new
          </span>
        ) : (
          <>
            {connected ? 'Live' : 'Waiting'}
            <span className={connected ? 'live-dot' : 'live-dot off'} aria-hidden />
          </>
        )}
      </Button>
    </Hint>
  );
}
