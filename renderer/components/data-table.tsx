/** A small sortable table. Sorting is by the column's value, unknown values last. */
import {
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures,
  useTable,
  type ColumnDef,
  type Header,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
});

export interface TableColumn<T> {
  readonly id: string;
  readonly label: string;
  /** What sorts; null = unknown. */
  readonly value: (row: T) => string | number | null;
  readonly cell?: (row: T) => ReactNode;
  readonly align?: 'left' | 'right';
  readonly width?: string;
  readonly title?: (row: T) => string;
  /** Makes the cell a button; null where there is nothing to open. */
  readonly open?: (row: T) => (() => void) | null;
}

export interface DataTableProps<T extends object> {
  readonly caption: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly sort?: { readonly id: string; readonly desc: boolean };
}

export function DataTable<T extends object>({ caption, columns, rows, rowKey, sort }: DataTableProps<T>) {
  const table = useTable({
    features,
    columns: useMemo(() => columns.map(columnDef), [columns]),
    data: rows,
    getRowId: rowKey,
    initialState: { sorting: sort === undefined ? [] : [{ ...sort }] },
    enableSortingRemoval: false,
  });
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {(table.getHeaderGroups()[0]?.headers ?? []).map((header, index) => (
            <HeadCell key={header.id} header={header} column={columns[index]} />
          ))}
        </tr>
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id}>
            {columns.map((column) => (
              <BodyCell key={column.id} column={column} row={row.original} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function columnDef<T extends object>(column: TableColumn<T>): ColumnDef<typeof features, T> {
  return { id: column.id, accessorFn: (row) => column.value(row) ?? undefined, sortUndefined: 'last' };
}

interface HeadCellProps<T extends object> {
  readonly header: Header<typeof features, T, unknown>;
  readonly column: TableColumn<T> | undefined;
}

function HeadCell<T extends object>({ header, column }: HeadCellProps<T>) {
  const sorted = header.column.getIsSorted();
  const direction = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <th
      scope="col"
      className={column?.align ?? 'left'}
      style={column?.width === undefined ? undefined : { width: column.width }}
      aria-sort={sorted === false ? 'none' : direction[sorted]}
    >
      <button type="button" onClick={() => header.column.toggleSorting()}>
        {column?.label}
        {sorted === 'asc' ? <ArrowUp size={11} aria-hidden /> : null}
        {sorted === 'desc' ? <ArrowDown size={11} aria-hidden /> : null}
      </button>
    </th>
  );
}

function BodyCell<T>({ column, row }: { column: TableColumn<T>; row: T }) {
  const content = column.cell === undefined ? column.value(row) : column.cell(row);
  const open = column.open?.(row) ?? null;
  return (
    <td className={column.align ?? 'left'} title={column.title?.(row)}>
      {open === null ? (
        content
      ) : (
        <button type="button" className="cell-button" onClick={open}>
          {content}
        </button>
      )}
    </td>
  );
}
