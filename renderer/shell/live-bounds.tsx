import { useNow } from '../components/use-now.ts';
import { formatBounds, formatZone } from '../format/time.ts';
import { liveWindowMs } from '../live/seconds.ts';
import { useLive, useShell, useZone } from './services.tsx';
import { useSource } from './use-source.ts';

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
      <OwnCallsNote />
    </p>
  );
}

/** Calls of other gateways come to Snowflake in batches, so Live can only ever be about this one. */
function OwnCallsNote() {
  const { source } = useSource();
  if (source === 'duckdb') return null;
  return (
    <span className="tag" title="Calls of the other gateways arrive in Snowflake in batches; see Overview for them.">
      This gateway only
    </span>
  );
}
