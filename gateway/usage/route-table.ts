/** The calls a provider knows, as a table that recognition reads and docs/SURFACES.md is made of. Rows are tried in order. */
import type { Dialect, SurfaceRow } from './adapter.ts';

/** `path` is a template below the API version: `{id}` is any one segment, a final `…` any number of them. */
export interface RouteRow<D = Dialect> extends SurfaceRow {
  readonly dialect: D;
}

export type FindRoute<D> = (method: string, segments: readonly string[]) => RouteRow<D> | undefined;

export function routeFinder<D>(rows: readonly RouteRow<D>[]): FindRoute<D> {
  const table = rows.map((row) => ({ row, parts: row.path.split('/') }));
  return (method, segments) =>
    table.find(({ row, parts }) => (row.method === 'any' || row.method === method) && matches(parts, segments))?.row;
}

function matches(parts: readonly string[], segments: readonly string[]): boolean {
  const isOpen = parts.at(-1) === '…';
  const fixed = isOpen ? parts.length - 1 : parts.length;
  if (isOpen ? segments.length < fixed : segments.length !== fixed) return false;
  return parts.slice(0, fixed).every((part, index) => part.startsWith('{') || part === segments[index]);
}

export function surfaceRows(rows: readonly RouteRow<unknown>[], prefix: string): readonly SurfaceRow[] {
  return rows.map(({ method, path, surface, meters }) => ({ method, path: `${prefix}${path}`, surface, meters }));
}
