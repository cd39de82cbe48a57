import { RotateCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { columnLayout, shownColumns, type ColumnLayout, type RequestColumn } from '../../requests/request-columns.ts';
import { useActions, useShell, useZone } from '../../shell/services.tsx';
import { rowHeights, useArrowKeys, useRowVirtualizer, useSelectionInView } from '../live/use-row-selection.ts';
import { RequestRow } from './request-row.tsx';
import type { RequestList } from './use-requests.ts';

/** The next page is asked for this many rows before the end, so that scrolling on meets rows and not a gap. */
const aheadRows = 150;

export function RequestTable({ list }: { list: RequestList }) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const chosen = useShell((state) => state.settings.requestColumns);
  const columns = useMemo(() => shownColumns(chosen), [chosen]);
  const layout = useMemo(() => columnLayout(columns), [columns]);
  return (
    <section className="panel tail" aria-label="Requests" data-face="rows">
      {list.reloading ? <div className="progress" role="presentation" /> : null}
      <div className={list.reloading ? 'tail-scroll dimmed' : 'tail-scroll'} ref={setScroller}>
        {scroller === null ? null : <Grid list={list} columns={columns} layout={layout} scroller={scroller} />}
        <MoreNote list={list} />
      </div>
    </section>
  );
}

interface GridProps {
  readonly list: RequestList;
  readonly columns: readonly RequestColumn[];
  readonly layout: ColumnLayout;
  readonly scroller: HTMLDivElement;
}

/** WAI-ARIA's grid pattern: one tab stop, arrow keys inside. */
const gridRole = { role: 'grid', 'aria-label': 'Requests, newest first' } as const;

function Grid({ list, columns, layout, scroller }: GridProps) {
  const { rows, more, loadMore } = list;
  const selectedId = useShell((state) => state.selectedCallId);
  const virtual = useRowVirtualizer(rows, rowHeights[useShell((state) => state.settings.density)], scroller);
  useSelectionInView(rows, selectedId, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const items = virtual.getVirtualItems();
  const nearEnd = (items.at(-1)?.index ?? 0) >= rows.length - aheadRows;
  useEffect(() => {
    if (nearEnd && more === 'there') loadMore();
  });
  const grid = { ...gridRole, onKeyDown: useArrowKeys(rows, selectedId) };
  return (
    <table
      className="tail-table requests-table"
      style={{ minWidth: layout.minWidthPx }}
      {...grid}
      aria-rowcount={more === 'none' ? rows.length + 1 : -1}
    >
      <Head columns={columns} template={layout.template} />
      <tbody style={{ height: virtual.getTotalSize() }}>
        <SeenRows rows={rows} items={items} columns={columns} template={layout.template} selectedId={selectedId} />
      </tbody>
    </table>
  );
}

function Head({ columns, template }: { columns: readonly RequestColumn[]; template: string }) {
  return (
    <thead>
      <tr style={{ gridTemplateColumns: template }}>
        {columns.map(({ id, label, numeric }) => (
          <th key={id} scope="col" className={numeric ? 'right' : ''}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface SeenRowsProps {
  readonly rows: RequestList['rows'];
  readonly items: readonly { readonly index: number; readonly start: number }[];
  readonly columns: readonly RequestColumn[];
  readonly template: string;
  readonly selectedId: string | null;
}

function SeenRows({ rows, items, columns, template, selectedId }: SeenRowsProps) {
  const tz = useZone();
  const { peek } = useActions();
  const focusId = useMemo(
    () => rows.find(({ call }) => call.callId === selectedId)?.call.callId ?? rows[0]?.call.callId,
    [rows, selectedId],
  );
  return items.map(({ index, start }) => {
    const row = rows[index];
    if (row === undefined) return null;
    const { callId } = row.call;
    const marks = { selected: callId === selectedId, focusable: callId === focusId };
    const place = { index, top: start, columns, template };
    return <RequestRow key={callId} row={row} {...place} {...marks} tz={tz} onOpen={peek} />;
  });
}

function MoreNote({ list: { more, loadMore, error } }: { list: RequestList }) {
  if (more === 'loading') return <p className="requests-more">Loading older calls…</p>;
  if (more !== 'failed') return null;
  return (
    <p className="requests-more" role="alert">
      Older calls could not be loaded: {error?.message}
      <Button size="small" onPress={loadMore}>
        <RotateCw size={13} aria-hidden />
        Retry
      </Button>
    </p>
  );
}
