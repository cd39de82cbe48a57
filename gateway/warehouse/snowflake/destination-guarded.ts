/**
 * Protocol (b), where no procedure may be created: BEGIN, compare-and-set, guarded INSERT, COMMIT, in a session with AUTOCOMMIT = FALSE.
 *
 * The driver may send any of these again on its own, seconds later, even after the connection was given up (SNOWFLAKE.md, behaviour 3):
 * - an UPDATE again finds the position moved and changes nothing; what it says is then about our own transaction (see {@link settle});
 * - an INSERT again in the same transaction finds its rows there; after a ROLLBACK it finds the position not at `to`; in a session whose
 *   transaction was aborted it is never committed, because nobody commits there;
 * - rows that are there already, wherever from, are left out as in the procedure (row-projection.ts);
 * - a COMMIT again has nothing to commit.
 */
import { SnowflakeFault } from './fault.ts';
import type { LoadAnswer } from './load-procedure.ts';
import { blamesTheLoad, type Execute, type Load, type Loader } from './loader.ts';
import { objectNames, type ObjectNames, type Place } from './object-names.ts';
import { readPosition } from './position.ts';
import { columnList, onlyNew, projection } from './row-projection.ts';

export function guardedLoader(execute: Execute, place: Place): Loader {
  const names = objectNames(place);
  return (load) => inTransaction(execute, () => moveAndWrite(execute, names, load));
}

/** A refusal of the data or a missed compare-and-set leaves nothing open; any other fault ends the session, and the transaction with it. */
async function inTransaction(execute: Execute, work: () => Promise<LoadAnswer>): Promise<LoadAnswer> {
  await execute('BEGIN TRANSACTION');
  try {
    return await work();
  } catch (error) {
    if (blamesTheLoad(error)) await execute('ROLLBACK');
    throw error;
  }
}

async function moveAndWrite(execute: Execute, names: ObjectNames, load: Load): Promise<LoadAnswer> {
  const { streamId, from, to } = load;
  if (to <= from) throw new SnowflakeFault('statement', `Rows ${from + 1} to ${to}: the range does not move forwards`);
  const moved = await execute(movePosition(names), [to, streamId, from, streamId, from]);
  if ((moved.changedRows ?? 0) === 0) return settle(execute, names, load);
  if (load.rowCount > 0) await insert(execute, names, load, factRows(names, load));
  if (load.parkedJson !== '[]') await insert(execute, names, load, parkedRows(names, load));
  await execute('COMMIT');
  return { kind: 'stored' };
}

/**
 * The compare-and-set changed nothing. Undone first: when it was the driver's repetition of one that did change the row, the position that
 * this session sees is its own, uncommitted one.
 */
async function settle(execute: Execute, names: ObjectNames, { streamId }: Load): Promise<LoadAnswer> {
  await execute('ROLLBACK');
  return { kind: 'moved', cursor: (await readPosition(execute, names, streamId)) ?? 0 };
}

interface Rows {
  readonly table: string;
  readonly sql: string;
  readonly json: string;
  readonly count: number;
}

/**
 * Fewer rows than sent: the others were there already, which is fine, or the position is not where this transaction has moved it, because
 * the transaction is gone. That must not be taken for stored.
 */
async function insert(
  execute: Execute,
  names: ObjectNames,
  load: Load,
  { table, sql, json, count }: Rows,
): Promise<void> {
  const { streamId, from, to } = load;
  const { changedRows } = await execute(sql, [streamId, json, streamId, from, to, streamId, to]);
  if (changedRows === count) return;
  const { rows } = await execute(lookAgain(names, table), [streamId, from, to, streamId]);
  const [found, position] = [Number(rows[0]?.['found']), Number(rows[0]?.['position_seq'])];
  if (position !== to || found < count) {
    throw new SnowflakeFault('statement', `Rows ${from + 1} to ${to}: ${found} are there, ${count} were sent`);
  }
}

const movePosition = ({ offsets }: ObjectNames) => `UPDATE ${offsets}
SET last_seq = ?, updated_at = SYSDATE()
WHERE stream_id = ?
  AND last_seq = ?
  AND NOT EXISTS (SELECT 1 FROM ${offsets} AS o WHERE o.stream_id = ? AND o.last_seq > ?)`;

const range = { json: '?', streamId: '?', from: '?', to: '?' };
const positionIsOurs = ({ offsets }: ObjectNames) =>
  `  AND (SELECT MAX(last_seq) FROM ${offsets} WHERE stream_id = ?) = ?`;

const factRows = (names: ObjectNames, { rowsJson, rowCount }: Load): Rows => ({
  table: names.facts,
  json: rowsJson,
  count: rowCount,
  sql: `INSERT INTO ${names.facts} (${columnList})
SELECT
${projection('?', '  ')}
${onlyNew(names.facts, range)}
${positionIsOurs(names)}`,
});

const parkedRows = (names: ObjectNames, { parkedJson }: Load): Rows => ({
  table: names.parked,
  json: parkedJson,
  count: 1,
  sql: `INSERT INTO ${names.parked} (stream_id, seq, reason, record, parked_at)
SELECT ?, f.value:seq::NUMBER(38,0), f.value:reason::VARCHAR, f.value:record, SYSDATE()
${onlyNew(names.parked, range)}
${positionIsOurs(names)}`,
});

const lookAgain = ({ offsets }: ObjectNames, table: string) => `SELECT
  (SELECT COUNT(*) FROM ${table} WHERE stream_id = ? AND seq > ? AND seq <= ?) AS found,
  (SELECT MAX(last_seq) FROM ${offsets} WHERE stream_id = ?) AS position_seq`;
