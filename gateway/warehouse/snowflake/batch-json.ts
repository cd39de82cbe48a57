/**
 * Rows as the one JSON bind of a batch. Invariants: what cannot be stored is found here, before anything is sent, so that one bad row never
 * poisons a batch (delivery halves a rejected batch and parks the row); the text is well-formed JSON of well-formed Unicode; money travels as
 * decimal text, because a JSON number may become a double on its way into NUMBER(18,9).
 */
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { columns, toCells, UnstorableRow, type Cell, type Column } from '../table.ts';
import { maxWireBytes, wireBytes } from './request-body.ts';

/** VARIANT was limited to 16 MB for years: half of that, however well it compresses. */
export const maxBatchBytes = 8 * 1024 * 1024;
const moneyDecimals = 9;
const parkedTextLength = 1_024;

export type Encoded = { readonly ok: true; readonly json: string } | { readonly ok: false; readonly reason: string };

/** A `\u` escape that JSON.stringify writes for half a surrogate pair or for NUL; an escaped backslash before a `u` is not one. */
const unstorableEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][\da-f]{2})/;
const everyUnstorableEscape = new RegExp(unstorableEscape, 'g');

/** Derived, sent apart, or told by another member. */
const omitted: ReadonlySet<string> = new Set(['stream_id', 'started_at']);

function member({ name, kind }: Column, cell: Cell): string {
  const value = kind === 'money' && typeof cell === 'number' ? cell.toFixed(moneyDecimals) : cell;
  const text = kind === 'json' && typeof cell === 'string' ? cell : JSON.stringify(value);
  if (unstorableEscape.test(text)) {
    throw new UnstorableRow(`${name} holds NUL or half a surrogate pair, which Snowflake cannot store`);
  }
  return `"${name}":${text}`;
}

function encodeRow(record: UsageRecord): string {
  const cells = toCells(record);
  const members = columns.flatMap((column, index) => {
    const cell = cells[index] ?? null;
    return cell === null || omitted.has(column.name) ? [] : [member(column, cell)];
  });
  return `{${members.join(',')}}`;
}

/** All rows as one JSON array. Too much for one request is a reason too: the halves will do. */
export function encodeRows(rows: readonly UsageRecord[]): Encoded {
  try {
    const json = `[${rows.map(encodeRow).join(',')}]`;
    const reason = tooLarge(json);
    return reason === null ? { ok: true, json } : { ok: false, reason };
  } catch (error) {
    if (error instanceof UnstorableRow) return { ok: false, reason: error.message };
    throw error;
  }
}

function tooLarge(json: string): string | null {
  const bytes = Buffer.byteLength(json);
  if (bytes > maxBatchBytes) return `${bytes} bytes of JSON, more than the ${maxBatchBytes} that one batch may hold`;
  const onWire = wireBytes(json);
  return onWire > maxWireBytes
    ? `${onWire} bytes to send, more than the ${maxWireBytes} that one request may have`
    : null;
}

/** Storable whatever was wrong with the row: long text cut, half surrogates and NUL replaced, in names of members too. */
export function encodeParked(row: UsageRecord, reason: string): string {
  const text = JSON.stringify([{ seq: row.seq, reason, record: row }], (_key, value: unknown) =>
    typeof value === 'string' && value.length > parkedTextLength ? `${value.slice(0, parkedTextLength)}…` : value,
  );
  return text.replaceAll(everyUnstorableEscape, '$1\u{FFFD}');
}
