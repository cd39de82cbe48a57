import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react';
import { IconButton } from '../../../components/button.tsx';
import { providerLabel } from '../../../format/outcome.ts';
import { hiddenBy, type ListedPrice, type PriceListChange } from './price-list.ts';
import { otherRates, periodWords, rateCell } from './price-words.ts';

export interface PriceTableProps {
  readonly rows: readonly ListedPrice[];
  readonly change: (change: PriceListChange) => void;
  readonly onEdit: (row: ListedPrice) => void;
}

/** The own prices in the order they are tried. */
export function PriceTable({ rows, change, onEdit }: PriceTableProps) {
  return (
    <div className="table-scroll">
      <table className="table price-table">
        <caption className="visually-hidden">Your own prices, in the order they are tried</caption>
        <Head />
        <tbody>
          {rows.map((row, index) => (
            <PriceRow key={row.id} rows={rows} index={index} row={row} change={change} onEdit={onEdit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col" className="left price-order">
          Order
        </th>
        <th scope="col" className="left">
          Model
        </th>
        <th scope="col" className="right price-rate">
          Input $ / M
        </th>
        <th scope="col" className="right price-rate">
          Output $ / M
        </th>
        <th scope="col" className="left price-period">
          In force
        </th>
        <th scope="col" className="right price-actions">
          <span className="visually-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

interface PriceRowProps extends PriceTableProps {
  readonly row: ListedPrice;
  readonly index: number;
}

function PriceRow({ rows, row, index, change, onEdit }: PriceRowProps) {
  const { entry } = row;
  const others = otherRates(entry);
  const hidden = hiddenBy(rows, index);
  const name = `${providerLabel(entry.provider)} ${entry.model}`;
  return (
    <tr>
      <td className="left num muted">{index + 1}</td>
      <td className="left price-model">
        <span className="mono">{entry.model}</span> <span className="tag">{providerLabel(entry.provider)}</span>
        {others === '' ? null : <span className="fine block">{others}</span>}
        {hidden === null ? null : (
          <span className="fine block warn-text">Never used: {hidden.entry.model} above fits first</span>
        )}
      </td>
      <td className="right num">{rateCell(entry.inputPerMillionUsd)}</td>
      <td className="right num">{rateCell(entry.outputPerMillionUsd)}</td>
      <td className="left num price-period">{periodWords(entry)}</td>
      <td className="right">
        <RowButtons
          row={row}
          name={name}
          first={index === 0}
          last={index === rows.length - 1}
          change={change}
          onEdit={onEdit}
        />
      </td>
    </tr>
  );
}

interface RowButtonsProps extends Omit<PriceTableProps, 'rows'> {
  readonly row: ListedPrice;
  readonly name: string;
  readonly first: boolean;
  readonly last: boolean;
}

function RowButtons({ row, name, first, last, change, onEdit }: RowButtonsProps) {
  return (
    <span className="price-buttons">
      <IconButton
        label={`Move ${name} up`}
        isDisabled={first}
        onPress={() => change({ kind: 'moved', id: row.id, by: -1 })}
      >
        <ArrowUp size={14} aria-hidden />
      </IconButton>
      <IconButton
        label={`Move ${name} down`}
        isDisabled={last}
        onPress={() => change({ kind: 'moved', id: row.id, by: 1 })}
      >
        <ArrowDown size={14} aria-hidden />
      </IconButton>
      <IconButton label={`Edit ${name}`} onPress={() => onEdit(row)}>
        <Pencil size={14} aria-hidden />
      </IconButton>
      <IconButton label={`Remove ${name}`} onPress={() => change({ kind: 'removed', id: row.id })}>
        <Trash2 size={14} aria-hidden />
      </IconButton>
    </span>
  );
}
