import { useMemo, useState } from 'react';
import { groupings, type GroupBy, type Usage } from '../../../contract/analytics.ts';
import { assignSlots } from '../../charts/series-colours.ts';
import { Button } from '../../components/button.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { Segmented } from '../../components/segmented.tsx';
import { useDebounced } from '../../components/use-debounced.ts';
import { formatCount, formatExact, formatShare } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import { useActions, useShell } from '../../shell/services.tsx';
import { rowsOf } from '../overview/doubtful.ts';
import { UsagePanel } from '../overview/usage-panel.tsx';
import { CostTiles } from './cost-tiles.tsx';
import { costCell, costRows, type CostRow } from './cost-table.ts';
import { chartGroups, useCosts, type CostAnswers } from './use-costs.ts';

const choices = [
  { value: 'model', label: 'Model' },
  { value: 'key', label: 'Key' },
  { value: 'user', label: 'User' },
  { value: 'tag', label: 'Tag' },
  { value: 'upstream', label: 'Upstream' },
] as const;
type Choice = (typeof choices)[number]['value'];

const typingMs = 500;

export function Costs() {
  const [choice, setChoice] = useState<Choice>('model');
  const [tag, setTag] = useState('team');
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const name = useDebounced(tag.trim(), typingMs);
  const answers = useCosts(groupOf(choice, name));
  const slots = useMemo(
    () => assignSlots(new Map(), answers.chart.data?.groups ?? [], chartGroups),
    [answers.chart.data?.groups],
  );
  return (
    <div className="overview costs" data-stale={stale}>
      <CostTiles {...answers} />
      <div className="cost-grouping">
        <Segmented label="Group by" value={choice} options={choices} onChange={setChoice} />
        {choice === 'tag' ? <Field label="Name of the tag" value={tag} onChange={setTag} /> : null}
      </div>
      <UsagePanel query={answers.chart} slots={slots} by={choice} />
      <UnpricedPanel query={answers.unmetered} />
      <TablePanel query={answers.table} by={choice} />
    </div>
  );
}

function groupOf(choice: Choice, tag: string): GroupBy {
  if (choice === 'tag') return tag === '' ? 'model' : `tag.${tag}`;
  return groupings.find((grouping) => grouping === choice) ?? 'model';
}

const columns: readonly TableColumn<CostRow>[] = [
  { id: 'group', label: 'Group', value: ({ group }) => (group === '' ? 'none given' : group) },
  {
    id: 'calls',
    label: 'Calls',
    value: ({ calls }) => calls,
    cell: ({ calls }) => formatCount(calls),
    align: 'right',
    width: '90px',
  },
  {
    id: 'tokens',
    label: 'Tokens',
    value: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    cell: ({ inputTokens, outputTokens }) => formatCount(inputTokens + outputTokens),
    title: ({ inputTokens, outputTokens }) => `${formatExact(inputTokens)} in, ${formatExact(outputTokens)} out`,
    align: 'right',
    width: '110px',
  },
  {
    id: 'cost',
    label: 'Cost',
    value: ({ costUsd }) => costUsd,
    cell: costCell,
    align: 'right',
    width: '150px',
  },
  {
    id: 'share',
    label: 'Share',
    value: ({ share }) => share,
    cell: ({ share }) => formatShare(share),
    align: 'right',
    width: '80px',
  },
];

function TablePanel({ query, by }: { query: CostAnswers['table']; by: Choice }) {
  return (
    <Panel
      title={`Cost by ${by}, in full`}
      className="cost-table-panel"
      query={query}
      isEmpty={(usage: Usage) => usage.points.every(({ calls }) => calls === 0)}
      empty="No calls in this period"
    >
      {(usage) => (
        <div className="table-scroll" {...scrollable}>
          <DataTable
            caption={`Cost by ${by}`}
            columns={columns}
            rows={costRows(usage)}
            rowKey={({ group }) => group}
            sort={{ id: 'cost', desc: true }}
          />
        </div>
      )}
    </Panel>
  );
}

function UnpricedPanel({ query }: { query: CostAnswers['unmetered'] }) {
  const { addPrice } = useActions();
  return (
    <Panel
      title="Models without a price"
      className="unpriced-panel"
      query={query}
      isEmpty={({ unmetered }) => rowsOf(unmetered, 'no_price').length === 0}
      empty="Every call has a price"
    >
      {({ unmetered }) => (
        <ul className="doubt-rows unpriced" {...scrollable} aria-label="Models without a price">
          {rowsOf(unmetered, 'no_price').map(({ provider, model, surface, calls }) => (
            <li key={`${provider} ${model ?? ''} ${surface}`} className="doubt-row">
              <span className="doubt-name">
                <strong className="ellipsis">{model ?? 'unknown model'}</strong>
                <span className="fine num">
                  {providerLabel(provider)} · {formatExact(calls)} {calls === 1 ? 'call' : 'calls'}
                </span>
              </span>
              <Button size="small" onPress={() => addPrice({ provider, model })}>
                Add a price
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
