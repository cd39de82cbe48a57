import { ArrowDown, FilterX } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/panel.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatExact } from '../../format/numbers.ts';
import { noFilter } from '../../live/live-filter.ts';
import type { TailRow as Row } from '../../live/tail.ts';
import { useActions, useShell, useZone } from '../../shell/services.tsx';
import { tailColumns } from './tail-cells.tsx';
import { TailRow } from './tail-row.tsx';
import { useFollowing } from './use-following.ts';
import { rowHeights, useArrowKeys, useRowVirtualizer, useSelectionInView } from './use-row-selection.ts';

export interface TailProps {
  readonly rows: readonly Row[];
  readonly loading: boolean;
}

export function Tail({ rows, loading }: TailProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const rowPx = rowHeights[useShell((state) => state.settings.density)];
  const { following, newRows, onScroll, follow } = useFollowing(scroller, rows, rowPx);
  return (
    <section className="panel tail" aria-label="Calls">
      <div className="tail-scroll" ref={setScroller} onScroll={onScroll}>
        {scroller === null ? null : <TailTable rows={rows} rowPx={rowPx} scroller={scroller} />}
        {rows.length > 0 ? null : <NoRows loading={loading} />}
      </div>
      {following || newRows === 0 ? null : (
        <Button look="primary" size="small" onPress={follow}>
          <ArrowDown size={13} aria-hidden />
          {formatExact(newRows)} new
        </Button>
      )}
    </section>
  );
}

interface TailTableProps {
  readonly rows: readonly Row[];
  readonly rowPx: number;
  readonly scroller: HTMLDivElement;
}

/** WAI-ARIA's grid pattern: one tab stop, arrow keys inside. */
const gridRole = { role: 'grid', 'aria-label': 'Calls, oldest first' } as const;

function TailTable({ rows, rowPx, scroller }: TailTableProps) {
  const selectedId = useShell((state) => state.selectedCallId);
  const virtual = useRowVirtualizer(rows, rowPx, scroller);
  useSelectionInView(rows, selectedId, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const grid = { ...gridRole, onKeyDown: useArrowKeys(rows, selectedId) };
  return (
    <table className="tail-table" {...grid} aria-rowcount={rows.length + 1}>
      <TailHead />
      <tbody style={{ height: virtual.getTotalSize() }}>
        <VisibleRows rows={rows} items={virtual.getVirtualItems()} selectedId={selectedId} />
      </tbody>
    </table>
  );
}

interface VisibleRowsProps {
  readonly rows: readonly Row[];
  readonly items: readonly { readonly index: number; readonly start: number }[];
  readonly selectedId: string | null;
}

function VisibleRows({ rows, items, selectedId }: VisibleRowsProps) {
  const tz = useZone();
  const { peek } = useActions();
  const nowMs = useNow(rows.some((row) => row.kind === 'running') ? 1000 : null);
  const focusId = selectedId ?? rows.at(-1)?.call.callId;
  return items.map(({ index, start }) => {
    const row = rows[index];
    if (row === undefined) return null;
    const { callId } = row.call;
    const marks = { selected: callId === selectedId, focusable: callId === focusId };
    const clockMs = row.kind === 'running' ? nowMs : minuteOf(nowMs);
    return (
      <TailRow key={callId} row={row} index={index} top={start} {...marks} tz={tz} nowMs={clockMs} onOpen={peek} />
    );
  });
}

/** Ended rows need the clock only to know the day. */
function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / 60_000) * 60_000;
}

function TailHead() {
  return (
    <thead>
      <tr>
        {tailColumns.map(({ id, label, numeric }) => (
          <th key={id} scope="col" className={numeric ? `c-${id} right` : `c-${id}`}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function NoRows({ loading }: { loading: boolean }) {
  const { filterLive } = useActions();
  if (loading) return <Skeleton />;
  return (
    <div className="panel-empty">
      <FilterX size={20} aria-hidden />
      No call passes the filters
      <Button size="small" onPress={() => filterLive(noFilter)}>
        Clear filters
      </Button>
    </div>
  );
}
