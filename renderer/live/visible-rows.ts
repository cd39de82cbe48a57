/** The rows the live screen lists: calls from before the tail, then the tail, all through the filter. Pure. */
import { filterRows, type LiveFilter } from './live-filter.ts';
import { shownRows, type LiveState } from './live-state.ts';
import { mergeTails, type TailRow } from './tail.ts';

export function visibleRows(
  state: Pick<LiveState, 'rows' | 'older' | 'pause'>,
  filter: LiveFilter,
): readonly TailRow[] {
  const tail = shownRows(state);
  return filterRows(state.older.length === 0 ? tail : mergeTails(state.older, tail), filter);
}

/** The row `step` places from the selected one; without a selection the newest (upwards) or the oldest row. */
export function neighbour(rows: readonly TailRow[], selectedId: string | null, step: 1 | -1): TailRow | null {
  const at = selectedId === null ? -1 : rows.findLastIndex((row) => row.call.callId === selectedId);
  if (at < 0) return (step < 0 ? rows.at(-1) : rows[0]) ?? null;
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))] ?? null;
}

/** How many rows come after a call in the list: the "N new" below where a person stopped reading. */
export function rowsAfter(rows: readonly TailRow[], callId: string | null): number {
  if (callId === null) return 0;
  const at = rows.findLastIndex((row) => row.call.callId === callId);
  return at < 0 ? 0 : rows.length - 1 - at;
}
