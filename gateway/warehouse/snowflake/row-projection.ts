/**
 * How one JSON object of a batch becomes one row: the SELECT list both protocols share. One bind of JSON instead of an array bind, because
 * an array bind takes its column types from the first row and works with VALUES only (snowflake-connector-nodejs#59). A member that is
 * absent is SQL NULL; JSON's own null never appears. The stream is the same for all rows of a batch, so it is told once, beside the JSON.
 */
import { columns, sqlType, type Column } from '../table.ts';

/** Every column of the fact table, in the order of {@link projection}. */
export const columnList: string = columns.map((column) => column.name).join(', ');

function expression({ name, kind }: Column, streamId: string): string {
  if (name === 'stream_id') return streamId;
  if (kind === 'json') return `f.value:${name}`; // VARIANT already
  // The instant travels once, as whole milliseconds.
  if (kind === 'instant') return 'TO_TIMESTAMP_NTZ(f.value:started_ms::NUMBER(38,0), 3)';
  return `f.value:${name}::${sqlType('snowflake', kind)}`;
}

/** `f.value:call_id::VARCHAR, …` over `TABLE(FLATTEN(…)) AS f`, one column a line; `streamId` is a bind or an argument. */
export function projection(streamId: string, indent: string): string {
  return columns.map((column) => `${indent}${expression(column, streamId)}`).join(',\n');
}
