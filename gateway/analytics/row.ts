/** Reading cells of a result row. A row that is not there has no calls: counts are 0, everything else is unknown. */
import type { SqlRow } from '../warehouse/warehouse.ts';

type MaybeRow = SqlRow | undefined;

export function numberOrNull(row: MaybeRow, name: string): number | null {
  const value = row?.[name] ?? null;
  if (value === null || typeof value === 'number') return value;
  throw new TypeError(`${name} is not a number: ${typeof value}`);
}

export function count(row: MaybeRow, name: string): number {
  return numberOrNull(row, name) ?? 0;
}

export function textOrNull(row: MaybeRow, name: string): string | null {
  const value = row?.[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new TypeError(`${name} is not text: ${typeof value}`);
}

export function text(row: MaybeRow, name: string): string {
  const value = textOrNull(row, name);
  if (value === null) throw new TypeError(`${name} is missing`);
  return value;
}

/** An epoch-ms column as UTC ISO 8601. */
export function instant(row: MaybeRow, name: string): string {
  const ms = numberOrNull(row, name);
  if (ms === null) throw new TypeError(`${name} is missing`);
  return new Date(ms).toISOString();
}
