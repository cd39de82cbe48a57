import type { UsageRecord } from '../../../contract/usage-record.ts';
import { formatDuration } from '../../format/duration.ts';
import { FactLine } from './fact-line.tsx';
import { timingSegments, type TimingSegment } from './timing-segments.ts';

/** Where the time of a call went, as bars on one scale. */
export function TimingTab({ record }: { record: UsageRecord }) {
  const segments = timingSegments(record);
  const { durationMs } = record;
  if (durationMs === null || segments.length === 0)
    return <p className="panel-empty">The duration of this call is not known.</p>;
  return (
    <>
      <ol className="waterfall">
        {segments.map((segment) => (
          <WaterfallBar key={segment.label} segment={segment} totalMs={durationMs} />
        ))}
      </ol>
      <section className="facts">
        <FactLine name="Total">{formatDuration(durationMs)}</FactLine>
        <FactLine name="Added by the gateway">{formatDuration(record.overheadMs)}</FactLine>
        <FactLine name="Streamed">{record.streamed ? 'yes' : 'no'}</FactLine>
        {speed(record) === null ? null : <FactLine name="Speed after the first token">{speed(record)}</FactLine>}
      </section>
    </>
  );
}

/** Output tokens per second between the first token and the end; null where that span or the tokens are not known. */
function speed({ streamed, ttftMs, durationMs, outputTokens }: UsageRecord): string | null {
  if (!streamed || ttftMs === null || durationMs === null || outputTokens === null || durationMs - ttftMs < 1)
    return null;
  return `${Math.round(outputTokens / ((durationMs - ttftMs) / 1000))} tokens/s`;
}

function WaterfallBar({ segment, totalMs }: { segment: TimingSegment; totalMs: number }) {
  const { label, startMs, endMs, kind } = segment;
  const percent = (ms: number): string => `${totalMs === 0 ? 0 : (ms / totalMs) * 100}%`;
  return (
    <li>
      <span className="row">
        {label}
        <span className="spacer" />
        <span className="num">{formatDuration(endMs - startMs)}</span>
      </span>
      <span className="waterfall-track">
        <span className={kind} style={{ left: percent(startMs), width: percent(endMs - startMs) }} />
      </span>
    </li>
  );
}
