import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ErrorRow, Errors } from '../../../contract/analytics.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { ListExportButton, type ListExportButtonProps } from '../../components/list-export-button.tsx';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatDateTime } from '../../format/time.ts';
import { useActions, useZone } from '../../shell/services.tsx';

export interface FailuresPanelProps {
  readonly query: UseQueryResult<Errors>;
  readonly exported: ListExportButtonProps['query'];
}

/** Calls that the provider refused or failed: the ones that say something about limits and about its health. */
export function FailuresPanel({ query, exported }: FailuresPanelProps) {
  const { showRequests } = useActions();
  const tz = useZone();
  const columns = useMemo(
    () =>
      columnsOf(tz, ({ outcome, model, endpoint }) =>
        showRequests({
          search: '',
          filter: { outcome: [outcome], endpoint: [endpoint], ...(model === null ? {} : { model: [model] }) },
        }),
      ),
    [tz, showRequests],
  );
  return (
    <Panel
      title="Refused and failed calls"
      note="429, 5xx, time-outs and broken connections"
      className="failures-panel"
      actions={<ListExportButton question="errors" what="these failures" query={exported} />}
      query={query}
      isEmpty={({ errors }) => errors.length === 0}
      empty="None in this period"
    >
      {({ errors }) => (
        <div className="table-scroll">
          <DataTable
            caption="Refused and failed calls"
            columns={columns}
            rows={errors}
            rowKey={(row) => row.lastCallId}
            sort={{ id: 'calls', desc: true }}
          />
        </div>
      )}
    </Panel>
  );
}

const columnsOf = (tz: string, show: (row: ErrorRow) => void): readonly TableColumn<ErrorRow>[] => [
  {
    id: 'outcome',
    label: 'What',
    value: ({ outcome }) => outcome,
    cell: ({ outcome, statusCode }) => <OutcomeBadge outcome={outcome} statusCode={statusCode} />,
    open: (row) => () => show(row),
    title: () => 'Show these calls in Requests',
    width: '170px',
  },
  { id: 'model', label: 'Model', value: ({ model, endpoint }) => model ?? endpoint },
  {
    id: 'calls',
    label: 'Calls',
    value: ({ calls }) => calls,
    cell: ({ calls }) => formatCount(calls),
    align: 'right',
    width: '72px',
  },
  {
    id: 'last',
    label: 'Last',
    value: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => formatDateTime(lastAt, tz),
    align: 'right',
    width: '170px',
  },
];
