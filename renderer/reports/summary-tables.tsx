import type { ReactNode } from 'react';
import { formatCost } from '../format/cost.ts';
import { formatDuration } from '../format/duration.ts';
import { dash, formatCount, formatExact, formatShare } from '../format/numbers.ts';
import { outcomeLook, providerLabel } from '../format/outcome.ts';
import { formatDateTime } from '../format/time.ts';
import { doubts, rowsOf } from '../views/overview/doubtful.ts';
import type { SummaryData } from './summary-data.ts';

export interface Column<T> {
  readonly label: string;
  readonly cell: (row: T) => ReactNode;
  readonly text?: boolean; // left aligned; numbers stand right
}

interface PaperTableProps<T> {
  readonly title: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly none: string;
}

/** A plain table for paper: its heading goes along to the next page, a row never breaks. */
function PaperTable<T>({ title, columns, rows, keyOf, none }: PaperTableProps<T>) {
  return (
    <section className="paper-section">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <table className="paper-table">
          <thead>
            <tr>
              {columns.map(({ label, text }) => (
                <th key={label} scope="col" className={text === true ? 'left' : 'right'}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ label, cell, text }) => (
                  <td key={label} className={text === true ? 'left' : 'right num'}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const noCalls = 'No calls in this period.';

/** "at least" where a part of the calls has no price, a dash where none has. */
function costCell({ costUsd, unpricedCalls }: { readonly costUsd: number | null; readonly unpricedCalls: number }) {
  return `${costUsd !== null && unpricedCalls > 0 ? '≥ ' : ''}${formatCost(costUsd)}`;
}

export function ModelsTable({ models }: { models: SummaryData['models']['models'] }) {
  return (
    <PaperTable
      title="Models by cost"
      rows={models}
      keyOf={(row) => `${row.provider} ${row.model ?? ''}`}
      none={noCalls}
      columns={[
        { label: 'Model', text: true, cell: (row) => row.model ?? 'unknown' },
        { label: 'Provider', text: true, cell: (row) => providerLabel(row.provider) },
        { label: 'Calls', cell: (row) => formatExact(row.calls) },
        { label: 'Share', cell: (row) => formatShare(row.share) },
        { label: 'Tokens in', cell: (row) => formatCount(row.inputTokens) },
        { label: 'Tokens out', cell: (row) => formatCount(row.outputTokens) },
        { label: 'p95', cell: (row) => formatDuration(row.p95Ms) },
        { label: 'Cost', cell: costCell },
      ]}
    />
  );
}

const endpointCell = ({ endpoint }: { readonly endpoint: string }) => <span className="mono">{endpoint}</span>;

export function EndpointsTable({ endpoints }: { endpoints: SummaryData['endpoints']['endpoints'] }) {
  return (
    <PaperTable
      title="Endpoints by calls"
      rows={endpoints}
      keyOf={(row) => `${row.upstream} ${row.method} ${row.endpoint}`}
      none={noCalls}
      columns={[
        { label: 'Endpoint', text: true, cell: endpointCell },
        { label: 'Upstream', text: true, cell: (row) => row.upstream },
        { label: 'Calls', cell: (row) => formatExact(row.calls) },
        { label: 'Success', cell: (row) => formatShare(row.successRate) },
        { label: 'p95', cell: (row) => formatDuration(row.p95Ms) },
      ]}
    />
  );
}

export interface PrincipalsTableProps {
  readonly title: string;
  readonly label: string;
  readonly rows: SummaryData['users']['users'];
}

export function PrincipalsTable({ title, label, rows }: PrincipalsTableProps) {
  return (
    <PaperTable
      title={title}
      rows={rows}
      keyOf={(row) => row.id ?? ''}
      none={noCalls}
      columns={[
        { label, text: true, cell: (row) => row.id ?? 'none given' },
        { label: 'Calls', cell: (row) => formatExact(row.calls) },
        { label: 'Cost', cell: costCell },
      ]}
    />
  );
}

export function ErrorsTable({ errors, tz }: { errors: SummaryData['errors']['errors']; tz: string }) {
  return (
    <PaperTable
      title="Latest errors"
      rows={errors}
      keyOf={(row) => row.lastCallId}
      none="No errors in this period."
      columns={[
        { label: 'Error', text: true, cell: (row) => `${outcomeLook(row.outcome).label} ${row.statusCode ?? ''}` },
        { label: 'Code', text: true, cell: (row) => row.errorCode ?? dash },
        { label: 'Model', text: true, cell: (row) => row.model ?? 'unknown' },
        { label: 'Calls', cell: (row) => formatExact(row.calls) },
        { label: 'Last', cell: (row) => formatDateTime(row.lastAt, tz) },
      ]}
    />
  );
}

/** Nothing at all when every number is sound. */
export function DoubtTable({ rows }: { rows: SummaryData['unmetered']['unmetered'] }) {
  const sorted = doubts.flatMap(({ reason, label }) => rowsOf(rows, reason).map((row) => ({ ...row, label })));
  if (sorted.length === 0) return null;
  return (
    <PaperTable
      title="Missing and doubtful numbers"
      rows={sorted.slice(0, 10)}
      keyOf={(row) => `${row.reason} ${row.provider} ${row.model ?? ''} ${row.surface}`}
      none=""
      columns={[
        { label: 'What', text: true, cell: (row) => row.label },
        { label: 'Model', text: true, cell: (row) => row.model ?? 'unknown' },
        { label: 'Kind of call', text: true, cell: (row) => row.surface },
        { label: 'Calls', cell: (row) => formatExact(row.calls) },
      ]}
    />
  );
}
