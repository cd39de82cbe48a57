/** The columns of the Requests list: which there are, how wide they are, which a person sees. Pure. */

export interface ColumnShape {
  readonly id: string;
  readonly label: string;
  readonly widthPx: number; // at least
  readonly grows: boolean; // takes its share of the room that is left
  readonly numeric: boolean;
}

const text = <I extends string>(id: I, label: string, widthPx: number, grows = true) =>
  ({ id, label, widthPx, grows, numeric: false }) as const;
const number = <I extends string>(id: I, label: string, widthPx: number) =>
  ({ id, label, widthPx, grows: false, numeric: true }) as const;

/** In the order they are shown. */
export const requestColumns = [
  text('time', 'Time', 112, false),
  text('model', 'Model', 132),
  text('provider', 'Provider', 80, false),
  text('upstream', 'Upstream', 84, false),
  text('endpoint', 'Endpoint', 180),
  text('surface', 'Surface', 150),
  text('user', 'User', 104),
  text('session', 'Session', 96),
  text('key', 'Key', 124, false),
  text('client', 'Client', 140),
  text('tags', 'Tags', 120),
  text('outcome', 'Outcome', 122, false),
  number('status', 'Status', 52),
  number('in', 'In', 60),
  number('out', 'Out', 60),
  number('cached', 'Cached', 60),
  number('reasoning', 'Reasoning', 72),
  number('ttft', 'First token', 74),
  number('duration', 'Duration', 70),
  number('cost', 'Cost', 76),
  number('attempt', 'Attempt', 60),
  number('size', 'Sent / received', 126),
] as const satisfies readonly ColumnShape[];

export type RequestColumn = (typeof requestColumns)[number];
export type RequestColumnId = RequestColumn['id'];

const first = new Set<string>(['time', 'model', 'user', 'outcome', 'in', 'out', 'ttft', 'duration', 'cost']);

/** The shown columns in their order. Ids this version does not know are passed over; a choice that leaves nothing is no choice. */
export function shownColumns(chosen: readonly string[] | null): readonly RequestColumn[] {
  const ids = new Set(chosen ?? first);
  const shown = requestColumns.filter(({ id }) => ids.has(id));
  return shown.length > 0 ? shown : requestColumns.filter(({ id }) => first.has(id));
}

/** What is kept of a choice; null where it is what a new user sees, or nothing at all. */
export function chosenColumns(ids: ReadonlySet<string>): string[] | null {
  const chosen = requestColumns.filter(({ id }) => ids.has(id)).map(({ id }) => id);
  const same = chosen.length === first.size && chosen.every((id) => first.has(id));
  return chosen.length === 0 || same ? null : chosen;
}

export interface ColumnLayout {
  readonly template: string; // grid-template-columns
  readonly minWidthPx: number; // below it the list scrolls sideways
}

const gapPx = 10;
const sidePx = 14;

export function columnLayout(columns: readonly ColumnShape[]): ColumnLayout {
  const widths = columns.reduce((sum, { widthPx }) => sum + widthPx, 0);
  // Where nothing grows, the last column takes the room, so that rows reach the edge.
  const grows = columns.some((column) => column.grows);
  const track = ({ widthPx, ...column }: ColumnShape, index: number): string =>
    column.grows || (!grows && index === columns.length - 1) ? `minmax(${widthPx}px, ${widthPx}fr)` : `${widthPx}px`;
  return { template: columns.map(track).join(' '), minWidthPx: widths + gapPx * (columns.length - 1) + 2 * sidePx };
}
