import { useMemo } from 'react';
import type { Endpoints } from '../../../contract/analytics.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { ListExportButton } from '../../components/list-export-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { usePeriodQuery } from '../../shell/export-calls.ts';
import { useActions } from '../../shell/services.tsx';
import type { OverviewAnswers } from './use-overview.ts';

type EndpointRow = Endpoints['endpoints'][number];

const columnsOf = (show: (row: EndpointRow) => void): readonly TableColumn<EndpointRow>[] => [
  {
    id: 'endpoint',
    label: 'Endpoint',
    value: (row) => `${row.upstream} ${row.endpoint}`,
    cell: (row) => (
      <span className="endpoint-cell">
        <span className="tag">{row.upstream}</span>
        <EndpointPath path={row.endpoint} />
      </span>
    ),
    title: (row) => `${row.method} ${row.endpoint} (${row.upstream}): show its calls in Requests`,
    open: (row) => () => show(row),
  },
  {
    id: 'calls',
    label: 'Calls',
    value: (row) => row.calls,
    cell: (row) => formatCount(row.calls),
    align: 'right',
    width: '72px',
  },
  {
    id: 'success',
    label: 'Success',
    value: (row) => row.successRate,
    cell: (row) => formatShare(row.successRate),
    align: 'right',
    width: '76px',
  },
  {
    id: 'p95',
    label: 'p95',
    value: (row) => row.p95Ms,
    cell: (row) => formatDuration(row.p95Ms),
    align: 'right',
    width: '76px',
  },
];

/** The last part tells endpoints apart, so the parts before it give way first. */
function EndpointPath({ path }: { path: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span className="mono endpoint-path">
      <span className="muted">{path.slice(0, cut)}</span>
      <span>{path.slice(cut)}</span>
    </span>
  );
}

export function EndpointsPanel({ query }: { query: OverviewAnswers['endpoints'] }) {
  const periodQuery = usePeriodQuery();
  const { showRequests } = useActions();
  const columns = useMemo(
    () =>
      columnsOf(({ upstream, endpoint }) =>
        showRequests({ search: '', filter: { upstream: [upstream], endpoint: [endpoint] } }),
      ),
    [showRequests],
  );
  return (
    <Panel
      title="Top endpoints"
      actions={<ListExportButton question="endpoints" what="the endpoints" query={periodQuery} />}
      className="endpoints-panel"
      query={query}
      isEmpty={({ endpoints }) => endpoints.length === 0}
      empty="No calls in this period"
    >
      {({ endpoints }) => (
        <div className="table-scroll">
          <DataTable
            caption="Top endpoints"
            columns={columns}
            rows={endpoints}
            rowKey={(row) => `${row.upstream} ${row.method} ${row.endpoint}`}
            sort={{ id: 'calls', desc: true }}
          />
        </div>
      )}
    </Panel>
  );
}
