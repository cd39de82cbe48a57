/** A destination that falls over while it takes a batch: by itself, or by what is in it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { Delivery } from '../../../gateway/delivery/delivery.ts';
import { DestinationFault, type Destination } from '../../../gateway/delivery/destination.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { arraySource, memoryDestination, startDelivery } from './delivery-kit.ts';

const streamId = 'install:one';
const rowsOf = (count: number): UsageRecord[] =>
  generateRows({
    count,
    seed: 3,
    streamId,
    firstSeq: 1,
    fromMs: Date.parse('2026-11-01T00:00:00Z'),
    toMs: Date.parse('2026-11-01T01:00:00Z'),
  });

/** Falls over at batches that `isFatal`; `parking` says whether a row can be set aside meanwhile. */
function fragile(isFatal: (seqs: readonly number[]) => boolean, parking: () => boolean = () => true) {
  const inner = memoryDestination();
  const sizes: number[] = [];
  const parked: number[] = [];
  const fallen = (): DestinationFault => new DestinationFault('offline', 'internal error', { maybeTheBatch: true });
  const destination: Destination = {
    name: inner.name,
    readCursor: inner.readCursor,
    deliver: (batch) => {
      sizes.push(batch.rows.length);
      return isFatal(batch.rows.map((row) => row.seq)) ? Promise.reject(fallen()) : inner.deliver(batch);
    },
    park: async (row) => {
      if (!parking()) throw fallen();
      parked.push(row.row.seq);
      return inner.park(row);
    },
  };
  return { destination, inner, sizes, parked };
}

let delivery: Delivery;
afterEach(() => delivery.stop());
const caughtUp = () => waitFor('an empty backlog', () => delivery.state().backlogRows === 0, 20_000);

describe('a destination that falls over', () => {
  it('again and again at the same row gets less by halves, and the row is set aside', async () => {
    const { destination, inner, parked, sizes } = fragile((seqs) => seqs.includes(617) || seqs.includes(618));
    delivery = startDelivery({ source: arraySource(rowsOf(1_000)), destination });
    await caughtUp();
    expect(parked).toEqual([617, 618]);
    expect(inner.rows.map((row) => row.seq)).toEqual(
      rowsOf(1_000).flatMap(({ seq }) => (parked.includes(seq) ? [] : seq)),
    );
    expect(sizes.slice(0, 6)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 500]);
    expect(sizes.length).toBeLessThan(40);
    expect(delivery.state()).toMatchObject({ parkedRows: 2, deliveredRows: 998, lastError: 'internal error' });
  });

  it('at everything is an outage: however long it lasts, no row is set aside and none is lost', async () => {
    let isOut = true;
    const { destination, inner, parked, sizes } = fragile(
      () => isOut,
      () => !isOut,
    );
    delivery = startDelivery({ source: arraySource(rowsOf(20)), destination });
    await waitFor('attempts with a single row', () => sizes.filter((size) => size === 1).length > 3, 20_000);
    isOut = false;
    await caughtUp();
    expect(parked).toEqual([]);
    expect(inner.rows.map((row) => row.seq)).toEqual(rowsOf(20).map((row) => row.seq));
  });

  it('until one row is left alone, and then no more, sets nothing aside: the row goes again, and is stored', async () => {
    let alone = 0;
    const { destination, inner, parked } = fragile((seqs) => {
      if (seqs.length === 1 && seqs.includes(6)) alone += 1;
      return seqs.includes(6) && alone < 2; // over when the row comes alone for the second time
    });
    delivery = startDelivery({ source: arraySource(rowsOf(8)), destination });
    await caughtUp();
    expect(parked).toEqual([]);
    expect(inner.rows.map((row) => row.seq)).toEqual(rowsOf(8).map((row) => row.seq));
  });

  it('for a moment gets the same batch again, whole', async () => {
    let left = 4;
    const { destination, sizes, inner } = fragile(() => (left -= 1) >= 0);
    delivery = startDelivery({ source: arraySource(rowsOf(300)), destination });
    await caughtUp();
    expect(sizes).toEqual([300, 300, 300, 300, 300]);
    expect(inner.rows).toHaveLength(300);
  });

  it('is back at full batches once the suspects are behind', async () => {
    const { destination, sizes } = fragile((seqs) => seqs.includes(7));
    delivery = startDelivery({
      source: arraySource(rowsOf(1_000)),
      destination,
      limits: { maxRows: 100, maxBytes: 1e9 },
    });
    await caughtUp();
    expect(sizes.slice(-5)).toEqual([100, 100, 100, 100, expect.any(Number)]);
  });
});
