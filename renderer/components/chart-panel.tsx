import { ChartNoAxesColumn, Table2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { Panel, type PanelProps } from './panel.tsx';

export interface ChartTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ChartPanelProps<T> extends Omit<PanelProps<T>, 'children'> {
  readonly renderChart: (data: T) => ReactNode;
  /** The same numbers as a table, made only when asked for. */
  readonly tableOf: (data: T) => ChartTable;
}

/** A panel with a chart that can also be read as a table. */
export function ChartPanel<T>({ renderChart, tableOf, actions, ...panel }: ChartPanelProps<T>) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      {...panel}
      actions={
        <>
          {actions}
          <TableToggle asTable={asTable} onChange={setAsTable} />
        </>
      }
    >
      {(data) => (asTable ? <PlainTable {...tableOf(data)} /> : renderChart(data))}
    </Panel>
  );
}

export interface TableToggleProps {
  readonly asTable: boolean;
  readonly onChange: (asTable: boolean) => void;
}

export function TableToggle({ asTable, onChange }: TableToggleProps) {
  return (
    <IconButton label={asTable ? 'View as chart' : 'View as table'} onPress={() => onChange(!asTable)}>
      {asTable ? <ChartNoAxesColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
    </IconButton>
  );
}

export function PlainTable({ caption, head, rows }: ChartTable) {
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((label, index) => (
              <th key={label} scope="col" className={index === 0 ? 'left' : 'right'}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={head[index]} className={index === 0 ? 'left' : 'right num'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
