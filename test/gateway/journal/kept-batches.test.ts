import { describe, expect, it } from 'vitest';
import { KeptBatches } from '../../../gateway/journal/kept-batches.ts';
import type { PendingBatch } from '../../../gateway/journal/write-queue.ts';

const pending = (callId: string): PendingBatch => ({
  batch: {
    opens: [{ callId: `${callId}-open`, startedMs: 0, record: 'r' }],
    progress: [],
    closes: [{ callId, startedMs: 0, closedMs: 1, sample: 0, record: 'r' }],
    holds: [],
    handedMs: 0,
    delivered: [],
  },
  bytes: 2,
  waiters: [],
});

/** Three batches with the ids 1, 2 and 3. */
function three(): KeptBatches {
  const kept = new KeptBatches();
  for (const callId of ['a', 'b', 'c']) kept.add(pending(callId));
  return kept;
}

const ids = (kept: KeptBatches): number[] => kept.all().map(({ id }) => id);

describe('kept batches', () => {
  it('are handed out in order until each is committed', () => {
    const kept = three();
    expect(kept.unwritten()?.id).toBe(1);
    expect(kept.committed(1, 1)?.id).toBe(1);
    expect(kept.unwritten()?.id).toBe(2);
    kept.committed(2, 1);
    kept.committed(3, 1);
    expect(kept.unwritten()).toBeNull();
  });

  it('stay, and count against the bound, until they are synced', () => {
    const kept = three();
    kept.committed(1, 1);
    kept.committed(2, 1);
    expect([kept.rows, kept.bytes, kept.closedRows]).toEqual([6, 6, 3]);
    expect(kept.synced([1], 1).map(({ id }) => id)).toEqual([1]);
    expect([kept.rows, kept.bytes, kept.closedRows, ids(kept)]).toEqual([4, 4, 2, [2, 3]]);
    expect(kept.unwritten()?.id).toBe(3);
  });

  it('are all written again, oldest first, when their connection is gone', () => {
    const kept = three();
    kept.committed(1, 1);
    kept.committed(2, 1);
    kept.forgetConnection();
    expect(kept.unwritten()?.id).toBe(1);
  });

  it('do not believe the sync of an earlier connection', () => {
    const kept = three();
    kept.committed(1, 1);
    kept.forgetConnection();
    expect(kept.synced([1], 1)).toEqual([]);
    kept.committed(1, 2);
    expect(kept.synced([1], 1)).toEqual([]);
    expect(kept.synced([1], 2)).toHaveLength(1);
  });

  it('are written again when one of them was committed under a new connection before the older ones', () => {
    const kept = three();
    kept.committed(1, 1);
    kept.committed(2, 1);
    kept.committed(3, 2); // the thread had opened anew by itself
    expect(kept.unwritten()?.id).toBe(1);
    expect(kept.synced([3], 2)).toEqual([]); // its turn has not come
    for (const id of [1, 2, 3]) kept.committed(id, 2);
    expect(kept.synced([1, 2, 3], 2).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(kept.isEmpty).toBe(true);
  });

  it('ignore a batch they do not hold', () => {
    const kept = three();
    expect(kept.committed(9, 1)).toBeNull();
    expect(kept.synced([9], 1)).toEqual([]);
    expect(kept.unwritten()?.id).toBe(1);
  });
});
