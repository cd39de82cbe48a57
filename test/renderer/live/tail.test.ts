import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareRows,
  dropForgotten,
  endedRow,
  mergeTails,
  putRows,
  runningRow,
  tailOf,
  type TailRow,
} from '../../../renderer/live/tail.ts';
import { inFlightOf, recordsBefore, seeded } from '../fixture/records.ts';

const records = recordsBefore(Date.parse('2026-11-23T12:00:00Z'), 60_000, 40);
const rowOf = (index: number, kind: TailRow['kind']): TailRow => {
  const record = records[index % records.length];
  if (record === undefined) throw new Error('no record');
  return kind === 'ended' ? endedRow(record) : runningRow(inFlightOf(record));
};
const anyRow = fc
  .tuple(fc.nat(39), fc.constantFrom('ended' as const, 'running' as const))
  .map(([index, kind]) => rowOf(index, kind));
const putAll = (batches: readonly (readonly TailRow[])[], limit?: number): readonly TailRow[] =>
  batches.reduce<readonly TailRow[]>((rows, batch) => putRows(rows, batch, limit).rows, []);

describe('putRows', () => {
  it('gives the same tail whatever the order and the batches in which frames arrive', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 80 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        (rows, size, seed) => {
          const random = seeded(seed);
          const shuffled = rows
            .map((row) => ({ row, key: random() }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ row }) => row);
          const batches = shuffled.flatMap((_, index) =>
            index % size === 0 ? [shuffled.slice(index, index + size)] : [],
          );
          expect(putAll(batches)).toEqual(putAll([rows]));
        },
      ),
    );
  });

  it('keeps rows ordered by start, one a call, and never turns an ended call into a running one', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 80 }), (batch) => {
        const { rows, added } = putRows([], batch);
        expect(rows).toEqual(rows.toSorted(compareRows));
        expect(new Set(rows.map((row) => row.call.callId)).size).toBe(rows.length);
        expect(added).toBe(rows.length);
        const ended = new Set(batch.filter((row) => row.kind === 'ended').map((row) => row.call.callId));
        expect(
          rows
            .filter((row) => row.kind === 'ended')
            .map((row) => row.call.callId)
            .toSorted(),
        ).toEqual([...ended].toSorted());
      }),
    );
  });

  it('keeps the newest rows when the limit is reached', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 80 }), fc.integer({ min: 1, max: 30 }), (batch, limit) => {
        const all = putRows([], batch).rows;
        expect(putRows([], batch, limit).rows).toEqual(all.slice(-limit));
      }),
    );
  });

  it('does not count an update as a new row, and leaves the tail before it alone', () => {
    const before = putRows([], [rowOf(1, 'running'), rowOf(2, 'ended')]).rows;
    const copy = [...before];
    expect(putRows(before, [rowOf(1, 'ended'), rowOf(3, 'running')]).added).toBe(1);
    expect(before).toEqual(copy);
  });
});

describe('mergeTails', () => {
  it('is the tail of all rows of both', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), fc.array(anyRow, { maxLength: 60 }), (a, b) => {
        const [left, right] = [putRows([], a).rows, putRows([], b).rows];
        expect(mergeTails(left, right)).toEqual(putRows([], [...a, ...b]).rows);
      }),
    );
  });
});

it('orders stored calls, which arrive newest first', () => {
  expect(tailOf(records.toReversed())).toEqual(records.map(endedRow));
});

it('drops running rows the gateway has forgotten and keeps ended ones', () => {
  const [first, second] = records;
  if (first === undefined || second === undefined) throw new Error('no records');
  const tail = putRows([], [runningRow(inFlightOf(first)), runningRow(inFlightOf(second)), rowOf(2, 'ended')]).rows;
  const kept = dropForgotten(tail, [inFlightOf(second)]).map((row) => row.call.callId);
  expect(kept).toEqual([second.callId, records[2]?.callId]);
});
