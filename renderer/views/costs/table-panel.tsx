/** Cost by group in full, with the previous period beside it while people compare. */
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import type { GroupBy, Usage } from '../../../contract/analytics.ts';
import { groupChip, groupingWords, groupLabel } from '../../charts/group-names.ts';
import { sentenceCase } from '../../charts/previous.ts';
import { IconButton } from '../../components/button.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { formatCount, formatExact, formatShare } from '../../format/numbers.ts';
import { comparedWords } from '../../range/previous-range.ts';
import { withChip } from '../../requests/request-filter.ts';
import { useActions, useShell } from '../../shell/services.tsx';
import { comparedRows, costCell, costDifference, costRows, differenceWords, type ComparedRow } from './cost-table.ts';
import type { CostAnswers } from './use-costs.ts';
import { useTableExport } from './use-table-export.ts';

export function TablePanel({ query, before }: { query: CostAnswers['table']; before: CostAnswers['before'] }) {
  const groupBy = useShell((state) => state.chartView.groupBy);
  const compare = useShell((state) => state.chartView.compare);
  const exportTable = useTableExport();
  return (
    <Panel
      title={`Cost by ${groupingWords(groupBy)}, in full`}
      note={compare && before.error !== null ? 'the previous period could not be read' : undefined}
      className="cost-table-panel"
      query={query}
      isEmpty={(usage: Usage) => usage.points.every(({ calls }) => calls === 0)}
      empty="No calls in this period"
      actions={
        <IconButton label="Export this table as CSV" shortcut="E" onPress={exportTable}>
          <Download size={15} aria-hidden />
        </IconButton>
      }
    >
      {(usage) => <CostTable usage={usage} before={compare ? before.data : undefined} groupBy={groupBy} />}
    </Panel>
  );
}

interface CostTableProps {
  readonly usage: Usage;
  readonly before: Usage | undefined;
  readonly groupBy: GroupBy;
}

function CostTable({ usage, before, groupBy }: CostTableProps) {
  const { showRequests } = useActions();
  const period = useShell((state) => state.range.period);
  const against = before === undefined ? null : comparedWords(period, usage.range);
  const columns = useMemo(() => {
    const open = ({ group, calls }: ComparedRow): (() => void) | null => {
      const chip = groupChip(groupBy, group);
      return chip === null || calls === 0 ? null : () => showRequests({ search: '', filter: withChip({}, chip) });
    };
    const first = { ...groupColumn(groupBy), open };
    return [first, ...usageColumns, ...(against === null ? [] : comparedColumns(against)), shareColumn];
  }, [groupBy, against, showRequests]);
  const rows = useMemo(
    () => comparedRows(costRows(usage), before === undefined ? [] : costRows(before)),
    [usage, before],
  );
  return (
    <div className="table-scroll" {...scrollable}>
      <DataTable
        key={String(against === null)}
        caption={`Cost by ${groupingWords(groupBy)}`}
        columns={columns}
        rows={rows}
        rowKey={({ group }) => `group ${group}`}
        sort={{ id: 'cost', desc: true }}
      />
    </div>
  );
}

type Column = TableColumn<ComparedRow>;

const groupColumn = (groupBy: GroupBy): Column => ({
  id: 'group',
  label: sentenceCase(groupingWords(groupBy)),
  value: ({ group }) => groupLabel(groupBy, group),
  title: ({ group }) => groupLabel(groupBy, group),
});

const tokens = ({ inputTokens, outputTokens }: ComparedRow): number => inputTokens + outputTokens;

const usageColumns: readonly Column[] = [
  {
    id: 'calls',
    label: 'Calls',
    value: ({ calls }) => calls,
    cell: ({ calls }) => formatCount(calls),
    align: 'right',
    width: '84px',
  },
  {
    id: 'tokens',
    label: 'Tokens',
    value: tokens,
    cell: (row) => formatCount(tokens(row)),
    title: ({ inputTokens, outputTokens }) => `${formatExact(inputTokens)} in, ${formatExact(outputTokens)} out`,
    align: 'right',
    width: '96px',
  },
  {
    id: 'cost',
    label: 'Cost',
    value: ({ costUsd }) => costUsd,
    cell: costCell,
    align: 'right',
    width: '136px',
  },
];

const comparedColumns = (against: string): readonly Column[] => [
  {
    id: 'before',
    label: sentenceCase(against),
    value: ({ before }) => before?.costUsd ?? null,
    cell: ({ before }) => (before === undefined ? 'no calls' : costCell(before)),
    align: 'right',
    width: '136px',
  },
  {
    id: 'change',
    label: 'Change',
    value: costDifference,
    cell: differenceWords,
    align: 'right',
    width: '108px',
  },
];

const shareColumn: Column = {
  id: 'share',
  label: 'Share',
  value: ({ share }) => share,
  cell: ({ share }) => formatShare(share),
  align: 'right',
  width: '72px',
};
