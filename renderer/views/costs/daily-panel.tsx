/** Calls, tokens and cost of each day of the period, asked when it is opened. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { Usage } from '../../../contract/analytics.ts';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { formatCount } from '../../format/numbers.ts';
import { useQuestion } from '../../query/use-question.ts';
import { useRangeInput } from '../overview/use-overview.ts';
import { costCell } from './cost-table.ts';
import { dayRows, dayTotal, type DayTotal } from './daily-rows.ts';

export function DailyPanel({ startsOpen = false }: { startsOpen?: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  return (
    <Disclosure className="panel daily-panel" isExpanded={open} onExpandedChange={setOpen}>
      <Heading level={2} className="daily-head">
        <Button slot="trigger" className="daily-trigger">
          <ChevronRight size={15} aria-hidden />
          Cost by day
        </Button>
      </Heading>
      <DisclosurePanel>{open ? <Days /> : null}</DisclosurePanel>
    </Disclosure>
  );
}

function Days() {
  const { data, error, refetch } = useQuestion('panels', 'usage', { ...useRangeInput(), bucket: '1d' });
  if (data !== undefined) return <DayTable usage={data} />;
  if (error === null) return <Skeleton />;
  return <PanelError error={error} where="Cost by day" retry={() => void refetch()} />;
}

export function DayTable({ usage }: { usage: Usage }) {
  const rows = dayRows(usage);
  return (
    <div className="table-scroll" {...scrollable}>
      <table className="table">
        <caption className="visually-hidden">Cost by day</caption>
        <thead>
          <tr>
            <th scope="col" className="left">
              Day
            </th>
            {['Calls', 'Tokens', 'Cost'].map((label) => (
              <th key={label} scope="col" className="right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <DayLine key={row.atMs} name={row.day} values={row} />
          ))}
        </tbody>
        <tfoot>
          <DayLine name={rows.length === 1 ? '1 day' : `${rows.length} days`} values={dayTotal(rows)} />
        </tfoot>
      </table>
    </div>
  );
}

function DayLine({ name, values }: { name: string; values: DayTotal }) {
  return (
    <tr>
      <th scope="row" className="left">
        {name}
      </th>
      <td className="right num">{formatCount(values.calls)}</td>
      <td className="right num">{formatCount(values.tokens)}</td>
      <td className="right num">{costCell(values)}</td>
    </tr>
  );
}
