/** The columns of the tail. Widths are fixed in the style sheet, so no value ever moves its neighbours. */
import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { sampleTag } from '../../../contract/usage-record.ts';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { formatCost, formatCostExact, unpricedReason } from '../../format/cost.ts';
import { formatDuration, formatElapsed } from '../../format/duration.ts';
import { dash, formatCount, formatExact } from '../../format/numbers.ts';
import { formatClockMs, formatDateTime, formatDay, formatMinute } from '../../format/time.ts';
import { modelOf } from '../../live/live-filter.ts';
import type { TailRow } from '../../live/tail.ts';

export interface CellContext {
  readonly tz: string;
  readonly nowMs: number;
}

export interface TailColumn {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  readonly cell: (row: TailRow, context: CellContext) => ReactNode;
  readonly title?: (row: TailRow, context: CellContext) => string | undefined;
}

const text = (id: string, label: string, rest: Omit<TailColumn, 'id' | 'label' | 'numeric'>): TailColumn => ({
  id,
  label,
  numeric: false,
  ...rest,
});
const number = (id: string, label: string, rest: Omit<TailColumn, 'id' | 'label' | 'numeric'>): TailColumn => ({
  id,
  label,
  numeric: true,
  ...rest,
});

export const tailColumns: readonly TailColumn[] = [
  text('time', 'Time', {
    cell: (row, { tz, nowMs }) => <span className="num">{timeText(row.call.startedAt, tz, nowMs)}</span>,
    title: (row, { tz }) => formatDateTime(row.call.startedAt, tz),
  }),
  text('caller', 'User or key', { cell: callerCell, title: (row) => row.call.userId ?? row.call.keyId ?? undefined }),
  text('upstream', 'Upstream', { cell: (row) => row.call.upstream, title: (row) => row.call.provider }),
  text('model', 'Model', {
    cell: (row) => modelOf(row) ?? <span className="muted">{row.call.endpoint}</span>,
    title: (row) => `${row.call.method} ${row.call.endpoint}`,
  }),
  text('outcome', 'Outcome', {
    cell: (row) =>
      row.kind === 'running' ? (
        <OutcomeBadge outcome="running" />
      ) : (
        <OutcomeBadge outcome={row.call.outcome} statusCode={row.call.statusCode} />
      ),
    title: (row) => (row.kind === 'ended' ? (row.call.errorCode ?? row.call.finishReason ?? undefined) : undefined),
  }),
  number('in', 'In', { cell: (row) => tokens(row, 'inputTokens'), title: (row) => tokensTitle(row, 'inputTokens') }),
  number('out', 'Out', {
    cell: (row) => tokens(row, 'outputTokens'),
    title: (row) => tokensTitle(row, 'outputTokens'),
  }),
  number('ttft', 'First token', { cell: (row) => formatDuration(row.call.ttftMs) }),
  number('duration', 'Duration', { cell: durationCell }),
  number('cost', 'Cost', {
    cell: (row) => (row.kind === 'ended' ? formatCost(row.call.costUsd) : ''),
    title: costTitle,
  }),
];

const dayMs = 86_400_000;

/** The clock with milliseconds; calls of another day show the day instead, in the same width. */
function timeText(startedAt: string, tz: string, nowMs: number): string {
  const sameDay = nowMs - Date.parse(startedAt) < dayMs && formatDay(startedAt, tz) === formatDay(nowMs, tz);
  return sameDay ? formatClockMs(startedAt, tz) : `${formatDay(startedAt, tz)} ${formatMinute(startedAt, tz)}`;
}

function callerCell(row: TailRow): ReactNode {
  const isSample = row.call.tags[sampleTag.name] === sampleTag.value;
  return (
    <>
      {isSample ? (
        <span className="tag sample" title="Made by the built-in sample traffic">
          <FlaskConical size={11} aria-hidden />
          <span>sample</span>
        </span>
      ) : null}
      {row.call.userId ?? <span className="mono">{row.call.keyId ?? dash}</span>}
    </>
  );
}

function tokens(row: TailRow, field: 'inputTokens' | 'outputTokens'): string {
  return row.kind === 'ended' ? formatCount(row.call[field]) : '';
}

function tokensTitle(row: TailRow, field: 'inputTokens' | 'outputTokens'): string | undefined {
  if (row.kind !== 'ended') return undefined;
  const value = row.call[field];
  return value === null ? 'The provider reported no usage' : `${formatExact(value)} tokens, ${row.call.usageSource}`;
}

function durationCell(row: TailRow, { nowMs }: CellContext): ReactNode {
  if (row.kind === 'ended') return formatDuration(row.call.durationMs);
  return <span className="elapsed">{formatElapsed(nowMs - Date.parse(row.call.startedAt))}</span>;
}

function costTitle(row: TailRow): string | undefined {
  if (row.kind !== 'ended') return undefined;
  return unpricedReason(row.call) ?? `${formatCostExact(row.call.costUsd)} (${row.call.costSource})`;
}
