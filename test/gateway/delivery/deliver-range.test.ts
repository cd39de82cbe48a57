import { describe, expect, it } from 'vitest';
import { deliverRange } from '../../../gateway/delivery/deliver-range.ts';
import type { Destination } from '../../../gateway/delivery/destination.ts';
import { generateRows } from '../../helpers/generated-rows.ts';

const rows = generateRows({
  count: 9,
  seed: 1,
  streamId: 'install:one',
  firstSeq: 1,
  fromMs: Date.parse('2026-11-01T00:00:00Z'),
  toMs: Date.parse('2026-11-01T01:00:00Z'),
});
const silent = { stored: () => undefined, known: () => undefined, parked: () => undefined };

function refusing(isRefused: (seqs: readonly number[]) => boolean) {
  const sent: number[][] = [];
  const parked: number[] = [];
  const destination: Destination = {
    name: 'refusing',
    readCursor: () => Promise.resolve(0),
    deliver: (batch) => {
      const seqs = batch.rows.map((row) => row.seq);
      sent.push(seqs);
      return Promise.resolve(isRefused(seqs) ? { kind: 'rejected', reason: 'not storable' } : { kind: 'stored' });
    },
    park: ({ row }) => {
      parked.push(row.seq);
      return Promise.resolve({ kind: 'stored' });
    },
  };
  return { destination, sent, parked };
}

describe('a batch that is refused', () => {
  it('is halved until the row alone stands, which is parked; the others are stored', async () => {
    const { destination, parked, sent } = refusing((seqs) => seqs.includes(6));
    const result = await deliverRange(destination, { streamId: 'install:one', from: 0, to: 9, rows }, silent);
    expect(result).toEqual({ kind: 'done', cursor: 9 });
    expect(parked).toEqual([6]);
    expect(sent.filter((seqs) => !seqs.includes(6)).flat()).toEqual([1, 2, 3, 4, 5, 7, 8, 9]);
  });

  it('is an error when no row is in it: nothing could be halved or parked', async () => {
    const { destination, sent } = refusing(() => true);
    const gap = { streamId: 'install:one', from: 4, to: 20, rows: [] };
    await expect(deliverRange(destination, gap, silent)).rejects.toThrow('Rows 5 to 20 hold nothing');
    expect(sent).toHaveLength(1);
  });
});
