import { useNow } from '../components/use-now.ts';
import { formatBounds, formatZone } from '../format/time.ts';
import { liveWindowMs } from '../live/seconds.ts';
import { useLive, useShell, useZone } from './services.tsx';

/** Live shows the last quarter of an hour, or the stretch chosen in it. */
export function LiveBounds() {
  const nowMs = useNow(5000);
  const tz = useZone();
  const pausedAtMs = useLive((state) => state.pause?.atMs ?? null);
  const between = useShell((state) => state.liveFilter.between);
  const endMs = pausedAtMs ?? nowMs;
  const bounds = between ?? { fromMs: endMs - liveWindowMs, toMs: endMs };
  return (
    <p className="bounds">
      <span className="bounds-name">{between === null ? 'Last 15 minutes' : 'Selected'}</span>
      <span className="num">{formatBounds(bounds.fromMs, bounds.toMs, tz)}</span>
      <span className="zone">{formatZone(tz, endMs)}</span>
    </p>
  );
}
