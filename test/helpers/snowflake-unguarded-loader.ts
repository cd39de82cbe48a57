/**
 * What the guarded protocol would be without its guard: BEGIN, compare-and-set, INSERT, COMMIT, in a session that commits by itself. Only to
 * prove that the tests notice.
 */
import type { Execute, Load, Loader } from '../../gateway/warehouse/snowflake/loader.ts';
import { objectNames, type Place } from '../../gateway/warehouse/snowflake/object-names.ts';
import { readPosition } from '../../gateway/warehouse/snowflake/position.ts';
import { columnList, projection } from '../../gateway/warehouse/snowflake/row-projection.ts';

export function unguardedLoader(execute: Execute, place: Place): Loader {
  const names = objectNames(place);
  return async ({ streamId, from, to, rowsJson }: Load) => {
    await execute('ALTER SESSION SET AUTOCOMMIT = TRUE');
    await execute('BEGIN TRANSACTION');
    const moved = await execute(
      `UPDATE ${names.offsets} SET last_seq = ?, updated_at = SYSDATE() WHERE stream_id = ? AND last_seq = ?`,
      [to, streamId, from],
    );
    if ((moved.changedRows ?? 0) === 0) {
      await execute('ROLLBACK');
      return { kind: 'moved', cursor: (await readPosition(execute, names, streamId)) ?? 0 };
    }
    await execute(
      `INSERT INTO ${names.facts} (${columnList}) SELECT ${projection('?', ' ')} FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f`,
      [streamId, rowsJson],
    );
    await execute('COMMIT');
    return { kind: 'stored' };
  };
}
