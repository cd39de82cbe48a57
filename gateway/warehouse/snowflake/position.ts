/**
 * Where a stream stands. The first row of a stream is made here, apart from any batch: it makes the compare-and-set an UPDATE, which takes a
 * lock, where an INSERT would not. It begins at the newest row that is there, so that an offset table dropped by hand (and made again by
 * Setup) doubles nothing; for a new stream that is 0. Two sessions may make it twice: the maximum counts (load-procedure.ts).
 */
import type { Execute } from './loader.ts';
import type { ObjectNames } from './object-names.ts';

/** Null when the stream has no row yet. */
export async function readPosition(execute: Execute, names: ObjectNames, streamId: string): Promise<number | null> {
  const { rows } = await execute(`SELECT MAX(last_seq) AS last_seq FROM ${names.offsets} WHERE stream_id = ?`, [
    streamId,
  ]);
  const lastSeq = rows[0]?.['last_seq'] ?? null;
  return lastSeq === null ? null : Number(lastSeq);
}

/** Highest seq of the stream that is there; makes the stream's row when it has none. */
export async function readOrMakePosition(
  execute: Execute,
  names: ObjectNames,
  streamId: string,
  commits: 'autocommit' | 'manual',
): Promise<number> {
  const found = await readPosition(execute, names, streamId);
  if (found !== null) return found;
  await execute(makePosition(names), [streamId, streamId, streamId, streamId]);
  if (commits === 'manual') await execute('COMMIT');
  return (await readPosition(execute, names, streamId)) ?? 0;
}

const makePosition = ({
  facts,
  offsets,
  parked,
}: ObjectNames) => `INSERT INTO ${offsets} (stream_id, last_seq, updated_at)
SELECT
  ?,
  GREATEST(
    COALESCE((SELECT MAX(seq) FROM ${facts} WHERE stream_id = ?), 0),
    COALESCE((SELECT MAX(seq) FROM ${parked} WHERE stream_id = ?), 0)
  ),
  SYSDATE()
WHERE NOT EXISTS (SELECT 1 FROM ${offsets} WHERE stream_id = ?)`;
