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

/** Binds, or names of arguments. */
export interface BatchArguments {
  readonly json: string;
  readonly streamId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The objects of the JSON as `f`, but for those whose row is in `table` already: the second lock of the door, behind the compare-and-set.
 * It holds when a position was put back (a clone, Time Travel, somebody's UPDATE), and should an UPDATE that waited for another one still
 * go by what it saw before. One load is one micro-partition of one stream and one range of seq, so as a rule the look reads none. FLATTEN is
 * in a sub-query because Snowflake takes no lateral view on the left side of a join.
 */
export function onlyNew(table: string, { json, streamId, from, to }: BatchArguments, indent = ''): string {
  return [
    `FROM (SELECT j.value AS value FROM TABLE(FLATTEN(INPUT => PARSE_JSON(${json}))) AS j) AS f`,
    `LEFT JOIN (SELECT seq FROM ${table} WHERE stream_id = ${streamId} AND seq > ${from} AND seq <= ${to}) AS known`,
    '  ON known.seq = f.value:seq::NUMBER(38,0)',
    'WHERE known.seq IS NULL',
  ]
    .map((line) => `${indent}${line}`)
    .join('\n');
}
