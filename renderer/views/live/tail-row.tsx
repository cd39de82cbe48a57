import { memo } from 'react';
import type { TailRow as Row } from '../../live/tail.ts';
import { tailColumns } from './tail-cells.tsx';

export interface TailRowProps {
  readonly row: Row;
  readonly top: number; // px from the top of the list
  readonly index: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly tz: string;
  readonly nowMs: number; // changes only for running rows
  readonly onOpen: (callId: string) => void;
}

/** One call. Redrawn only when its own values change: a tail of ten thousand rows updates four times a second. */
export const TailRow = memo(function TailRow({
  row,
  top,
  index,
  selected,
  focusable,
  tz,
  nowMs,
  onOpen,
}: TailRowProps) {
  const { callId } = row.call;
  return (
    <tr
      className={`tail-row ${row.kind}`}
      style={{ transform: `translateY(${top}px)` }}
      data-call-id={callId}
      data-outcome={row.kind === 'ended' ? row.call.outcome : 'running'}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      onClick={() => onOpen(callId)}
      onKeyDown={(event) => event.key === ' ' && onOpen(callId)}
    >
      {tailColumns.map(({ id, numeric, cell, title }) => (
        <td key={id} className={numeric ? `c-${id} right num` : `c-${id}`} title={title?.(row, { tz, nowMs })}>
          {cell(row, { tz, nowMs })}
        </td>
      ))}
    </tr>
  );
});
