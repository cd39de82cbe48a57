/**
 * The load procedure: one batch in one request (P4, ARCHITECTURE "Snowflake").
 *
 * Why it is safe to be called twice, late, or by two sessions at once:
 * - The compare-and-set decides. Only the call that finds the stream's position at `from_seq` moves it, and inserts; a replay finds it moved,
 *   writes nothing and says where it stands. Position and rows commit together.
 * - Rows that are there already are left out (row-projection.ts), so not even a position that somebody put back doubles them. The INSERT begins
 *   when the UPDATE has its lock, so it sees whatever was committed while that waited.
 * - The stream's first position row is made beforehand, in a statement of its own (position.ts). Should there be two, the position is the
 *   MAXIMUM, `moved > 0` accepts both rows moving together, and NOT EXISTS (… > from_seq) keeps a late row at 0 from letting a replay of the
 *   first batch in again.
 * - A range that does not move forwards is refused: it could put the position back.
 * - EXECUTE AS CALLER: with the owner's rights anybody who may call it could write the tables.
 * - RAISE keeps the code of the statement that failed ("000904 … Uncaught exception of type 'STATEMENT_ERROR' …").
 */
import { createHash } from 'node:crypto';
import { columns } from '../table.ts';
import { objectNames, type Place } from './object-names.ts';
import { columnList, onlyNew, projection } from './row-projection.ts';

/** Grows with every change of the text below. Columns are only ever added, so their number is the second half of the version. */
const textVersion = 2;

export const loadArguments = 'VARCHAR, NUMBER, NUMBER, VARCHAR, VARCHAR';

const range = { streamId: ':stream_id', from: ':from_seq', to: ':to_seq' };

function body(place: Place): string {
  const { facts, offsets, parked } = objectNames(place);
  return `DECLARE
  moved INTEGER DEFAULT 0;
  cursor_now INTEGER DEFAULT 0;
BEGIN
  IF (to_seq <= from_seq) THEN
    RETURN 'refused: TO_SEQ must be greater than FROM_SEQ';
  END IF;
  BEGIN TRANSACTION;
  UPDATE ${offsets}
  SET last_seq = :to_seq, updated_at = SYSDATE()
  WHERE stream_id = :stream_id
    AND last_seq = :from_seq
    AND NOT EXISTS (SELECT 1 FROM ${offsets} AS o WHERE o.stream_id = :stream_id AND o.last_seq > :from_seq);
  moved := SQLROWCOUNT;
  IF (moved > 0) THEN
    INSERT INTO ${facts} (${columnList})
    SELECT
${projection(':stream_id', '      ')}
${onlyNew(facts, { json: ':rows_json', ...range }, '    ')};
    INSERT INTO ${parked} (stream_id, seq, reason, record, parked_at)
    SELECT :stream_id, f.value:seq::NUMBER(38,0), f.value:reason::VARCHAR, f.value:record, SYSDATE()
${onlyNew(parked, { json: ':parked_json', ...range }, '    ')};
    COMMIT;
    RETURN 'stored';
  END IF;
  ROLLBACK;
  SELECT COALESCE(MAX(last_seq), 0) INTO :cursor_now FROM ${offsets} WHERE stream_id = :stream_id;
  RETURN 'moved:' || cursor_now;
EXCEPTION
  WHEN OTHER THEN
    ROLLBACK;
    RAISE;
END;`;
}

/** The same for every account, so that a comment can be compared wherever the procedure lives. */
const fingerprint = createHash('sha256')
  .update(body({ database: 'db', schema: 'schema' }))
  .digest('hex')
  .slice(0, 12);

export const procedureComment = `AI Studio Monitor load procedure, version ${textVersion}.${columns.length}, ${fingerprint}`;

/** COPY GRANTS: replacing it must not take it away from the roles that deliver. */
export function createProcedure(place: Place): string {
  return `CREATE OR REPLACE PROCEDURE ${objectNames(place).procedure}(
  STREAM_ID VARCHAR,
  FROM_SEQ NUMBER(38,0),
  TO_SEQ NUMBER(38,0),
  ROWS_JSON VARCHAR,
  PARKED_JSON VARCHAR
)
COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
COMMENT = '${procedureComment}'
EXECUTE AS CALLER
AS
$$
${body(place)}
$$`;
}

export function callProcedure(place: Place): string {
  return `CALL ${objectNames(place).procedure}(?, ?, ?, ?, ?)`;
}

/** `older` has other columns than we send; `newer` was set up by a newer version of this program and is left alone. */
export type ProcedureAge = 'same' | 'older' | 'newer';

export function procedureAge(comment: string | null): ProcedureAge {
  if (comment === procedureComment) return 'same';
  const found = /^AI Studio Monitor load procedure, version (\d+)\.(\d+), /.exec(comment ?? '');
  if (found === null) return 'older';
  const ahead = Number(found[1]) - textVersion || Number(found[2]) - columns.length;
  return ahead > 0 ? 'newer' : 'older';
}

/** What a CALL returns. */
export type LoadAnswer = { readonly kind: 'stored' } | { readonly kind: 'moved'; readonly cursor: number };

/** Null for anything the procedure cannot have said. */
export function readLoadAnswer(answer: unknown): LoadAnswer | null {
  if (answer === 'stored') return { kind: 'stored' };
  const moved = typeof answer === 'string' ? /^moved:(\d{1,16})$/.exec(answer) : null;
  return moved === null ? null : { kind: 'moved', cursor: Number(moved[1]) };
}
