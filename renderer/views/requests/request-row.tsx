import { memo } from 'react';
import type { TailRow } from '../../live/tail.ts';
import type { RequestColumn } from '../../requests/request-columns.ts';
import { requestCells } from './request-cells.tsx';

export interface RequestRowProps {
  readonly row: TailRow;
  readonly columns: readonly RequestColumn[];
  readonly template: string;
  readonly top: number; // px from the top of the list
  readonly index: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly tz: string;
  readonly onOpen: (callId: string) => void;
}

/** One stored call. Drawn again only when its own values change, so that scrolling costs the new rows alone. */
export const RequestRow = memo(function RequestRow({
  row,
  columns,
  template,
  top,
  index,
  selected,
  focusable,
  tz,
  onOpen,
}: RequestRowProps) {
  if (row.kind !== 'ended') return null;
  const { call } = row;
  return (
    <tr
      className="tail-row"
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
      data-call-id={call.callId}
      data-outcome={call.outcome}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      onClick={() => onOpen(call.callId)}
      onKeyDown={(event) => event.key === ' ' && onOpen(call.callId)}
    >
      {columns.map(({ id, numeric }) => (
        <td key={id} className={numeric ? `r-${id} right num` : `r-${id}`} title={requestCells[id].title?.(call, tz)}>
          {requestCells[id].show(call, tz)}
        </td>
      ))}
    </tr>
  );
});
