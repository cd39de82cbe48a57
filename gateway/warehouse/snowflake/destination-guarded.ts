/**
 * Protocol (b), where no procedure may be created: BEGIN, compare-and-set, guarded INSERT, COMMIT, in a session with AUTOCOMMIT = FALSE.
 *
 * The driver may send any of these again on its own, seconds later, even after the connection was given up (SNOWFLAKE.md, behaviour 3):
 * - an UPDATE again finds the position moved and changes nothing; what it says is then about our own transaction (see {@link settle});
 * - an INSERT again in the same transaction finds its rows there; after a ROLLBACK it finds the position not at `to`; in a session whose
 *   transaction was aborted it is never committed, because nobody commits there;
 * - a COMMIT again has nothing to commit.
 */
import { SnowflakeFault } from './fault.ts';
import type { LoadAnswer } from './load-procedure.ts';
import { blamesTheLoad, type Execute, type Load, type Loader } from './loader.ts';
import { objectNames, type ObjectNames, type Place } from './object-names.ts';
import { readPosition } from './position.ts';
import { columnList, projection } from './row-projection.ts';

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
  const moved = await execute(movePosition(names), [to, streamId, from, streamId, from]);
  if ((moved.changedRows ?? 0) === 0) return settle(execute, names, load);
  if (load.rowCount > 0) await insertRows(execute, names, load);
  if (load.parkedJson !== '[]') {
    await execute(insertParked(names), [streamId, load.parkedJson, streamId, to, streamId, from, to]);
  }
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

/** Fewer rows than sent can only be a repetition that found them there; anything else must not be committed. */
async function insertRows(execute: Execute, names: ObjectNames, load: Load): Promise<void> {
  const { streamId, from, to, rowCount, rowsJson } = load;
  const { changedRows } = await execute(insertFacts(names), [streamId, rowsJson, streamId, to, streamId, from, to]);
  if (changedRows === rowCount) return;
  const { rows } = await execute(
    `SELECT COUNT(*) AS found FROM ${names.facts} WHERE stream_id = ? AND seq > ? AND seq <= ?`,
    [streamId, from, to],
  );
  const found = Number(rows[0]?.['found']);
  if (found !== rowCount) {
    throw new SnowflakeFault('statement', `Rows ${from + 1} to ${to}: ${found} are there, ${rowCount} were sent`);
  }
}

const movePosition = ({ offsets }: ObjectNames) => `UPDATE ${offsets}
SET last_seq = ?, updated_at = SYSDATE()
WHERE stream_id = ?
  AND last_seq = ?
  AND NOT EXISTS (SELECT 1 FROM ${offsets} AS o WHERE o.stream_id = ? AND o.last_seq > ?)`;

const insertFacts = ({ facts, offsets }: ObjectNames) => `INSERT INTO ${facts} (${columnList})
SELECT
${projection('?', '  ')}
FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f
WHERE (SELECT MAX(last_seq) FROM ${offsets} WHERE stream_id = ?) = ?
  AND NOT EXISTS (SELECT 1 FROM ${facts} WHERE stream_id = ? AND seq > ? AND seq <= ?)`;

const insertParked = ({
  offsets,
  parked,
}: ObjectNames) => `INSERT INTO ${parked} (stream_id, seq, reason, record, parked_at)
SELECT ?, f.value:seq::NUMBER(38,0), f.value:reason::VARCHAR, f.value:record, SYSDATE()
FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f
WHERE (SELECT MAX(last_seq) FROM ${offsets} WHERE stream_id = ?) = ?
  AND NOT EXISTS (SELECT 1 FROM ${parked} WHERE stream_id = ? AND seq > ? AND seq <= ?)`;
