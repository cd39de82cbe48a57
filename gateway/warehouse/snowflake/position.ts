/**
 * Where a stream stands. The first row of a stream is made here, apart from any batch, so that the compare-and-set is an UPDATE, which takes a
 * lock. It is made by MERGE for the same reason: a plain INSERT takes none, and two sessions would each make one. It begins at the newest row
 * that is there, so that an offset table dropped by hand (and made again by Setup) doubles nothing; for a new stream that is 0.
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
  await execute(makePosition(names), [streamId, streamId, streamId]);
  if (commits === 'manual') await execute('COMMIT');
  return (await readPosition(execute, names, streamId)) ?? 0;
}

const makePosition = ({ facts, offsets, parked }: ObjectNames) => `MERGE INTO ${offsets} AS o
USING (
  SELECT
    CAST(? AS VARCHAR) AS stream_id,
    GREATEST(
      COALESCE((SELECT MAX(seq) FROM ${facts} WHERE stream_id = ?), 0),
      COALESCE((SELECT MAX(seq) FROM ${parked} WHERE stream_id = ?), 0)
    ) AS last_seq
) AS n
ON o.stream_id = n.stream_id
WHEN NOT MATCHED THEN INSERT (stream_id, last_seq, updated_at) VALUES (n.stream_id, n.last_seq, SYSDATE())`;
