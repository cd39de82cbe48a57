import type { Fleet } from '../../../contract/snowflake.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatAgo } from '../../format/duration.ts';
import { dash, formatExact } from '../../format/numbers.ts';
import { formatDateTime } from '../../format/time.ts';
import { useZone } from '../../shell/services.tsx';
import { useFleet } from '../../shell/use-source.ts';

type Gateway = Fleet['gateways'][number];

const gatewayColumn: TableColumn<Gateway> = {
  id: 'gateway',
  label: 'Gateway',
  value: (row) => row.installId,
  cell: (row) => (
    <span className="endpoint-cell">
      <span className="mono ellipsis">{row.installId}</span>
      {row.own ? <span className="tag sample">this gateway</span> : null}
    </span>
  ),
  title: (row) => row.installId,
};

const rowsColumn: TableColumn<Gateway> = {
  id: 'rows',
  label: 'Calls delivered',
  value: (row) => row.rows,
  cell: (row) => formatExact(row.rows),
  align: 'right',
  width: '130px',
};

function columns(nowMs: number, tz: string): readonly TableColumn<Gateway>[] {
  const since = (id: string, label: string, at: (row: Gateway) => string | null): TableColumn<Gateway> => ({
    id,
    label,
    value: at,
    cell: (row) => agoWords(at(row), nowMs),
    title: (row) => exactWords(at(row), tz),
    align: 'right',
    width: '130px',
  });
  return [
    gatewayColumn,
    rowsColumn,
    since('delivered', 'Last delivery', (row) => row.lastDeliveredAt),
    since('newest', 'Newest call', (row) => row.newestCallAt),
  ];
}

const agoWords = (at: string | null, nowMs: number): string =>
  at === null ? dash : formatAgo(Math.max(0, nowMs - Date.parse(at)));
const exactWords = (at: string | null, tz: string): string => (at === null ? 'unknown' : formatDateTime(at, tz));

/** Which gateways the numbers on this screen come from, and how far each has delivered. */
export function FleetPanel() {
  const fleet = useFleet();
  const nowMs = useNow(30_000);
  const tz = useZone();
  return (
    <Panel
      title="Gateways of the fleet"
      className="fleet-panel"
      query={fleet}
      isEmpty={({ gateways }) => gateways.length === 0}
      empty="No gateway has delivered to this Snowflake yet. The first batch leaves at its interval, or at “Sync now” in Storage."
    >
      {({ gateways }) => (
        <div className="table-scroll">
          <DataTable
            caption="Gateways of the fleet"
            columns={columns(nowMs, tz)}
            rows={gateways}
            rowKey={(row) => row.installId}
            sort={{ id: 'delivered', desc: true }}
          />
        </div>
      )}
    </Panel>
  );
}
