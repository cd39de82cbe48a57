import { CircleAlert, CircleCheck, FlaskConical } from 'lucide-react';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatCost, unpricedReason } from '../../format/cost.ts';
import { formatDuration, formatElapsed } from '../../format/duration.ts';
import { formatExact } from '../../format/numbers.ts';
import { formatClock } from '../../format/time.ts';
import { modelOf } from '../../live/live-filter.ts';
import type { TailRow } from '../../live/tail.ts';
import { useZone } from '../../shell/services.tsx';
import { callVerdict, isSample } from './first-call.ts';

/** The call as a row of figures, and what it says about the set-up. */
export function FirstRow({ row }: { row: TailRow }) {
  return (
    <>
      <div className="first-row" data-first-call={row.kind}>
        <header className="row">
          <strong className="ellipsis">{modelOf(row) ?? row.call.endpoint}</strong>
          {isSample(row) ? (
            <span className="tag sample">
              <FlaskConical size={11} aria-hidden />
              sample
            </span>
          ) : null}
          <span className="spacer" />
          {row.kind === 'ended' ? (
            <OutcomeBadge outcome={row.call.outcome} statusCode={row.call.statusCode} />
          ) : (
            <OutcomeBadge outcome="running" />
          )}
        </header>
        {row.kind === 'ended' ? <Figures record={row.call} /> : <Elapsed startedAt={row.call.startedAt} />}
      </div>
      {row.kind === 'ended' ? <Verdict record={row.call} sample={isSample(row)} /> : null}
    </>
  );
}

function Figures({ record }: { record: UsageRecord }) {
  const tz = useZone();
  const reason = unpricedReason(record);
  return (
    <dl className="first-figures num">
      <Figure name="Time">{formatClock(record.startedAt, tz)}</Figure>
      <Figure name="Input tokens">{formatExact(record.inputTokens)}</Figure>
      <Figure name="Output tokens">{formatExact(record.outputTokens)}</Figure>
      <Figure name="Cost" {...(reason === null ? {} : { title: reason })}>
        {formatCost(record.costUsd)}
      </Figure>
      <Figure name="Duration">{formatDuration(record.durationMs)}</Figure>
    </dl>
  );
}

function Figure({ name, title, children }: { name: string; title?: string; children: string }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Elapsed({ startedAt }: { startedAt: string }) {
  const nowMs = useNow(500);
  return <p className="muted num">Running for {formatElapsed(Math.max(0, nowMs - Date.parse(startedAt)))}</p>;
}

function Verdict({ record, sample }: { record: UsageRecord; sample: boolean }) {
  const { good, words } = callVerdict(record);
  const reason = unpricedReason(record);
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <output className={good ? 'first-verdict good' : 'first-verdict warn'}>
      <Icon size={16} aria-hidden />
      <span>
        {words}
        {good && reason !== null ? ` Its cost is unknown: ${reason}.` : ''}
        {sample ? ' This one was a sample; a call of your own takes its place here.' : ''}
      </span>
    </output>
  );
}
