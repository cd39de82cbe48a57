import { describe, expect, it } from 'vitest';
import { PendingClose } from '../../../gateway/journal/pending-close.ts';
import { WriteQueue, type QueueLimits } from '../../../gateway/journal/write-queue.ts';

const limits: QueueLimits = { rows: 10, bytes: 1000, batchRows: 4, batchBytes: 1000 };
const none = { rows: 0, bytes: 0 };
const running = (callId: string, record = 'r'): { callId: string; startedMs: number; record: string } => ({
  callId,
  startedMs: 0,
  record,
});
const ended = (callId: string, record = 'r') => ({ ...running(callId, record), closedMs: 1, sample: 0 }) as const;

function waiter(): PendingClose {
  const pending = new PendingClose(60_000, () => undefined);
  pending.tell({ durable: false, streamId: '' }); // no timer left behind
  return pending;
}

const callIds = (rows: readonly { readonly callId: string }[] = []): string[] => rows.map((row) => row.callId);

describe('the write queue', () => {
  it('hands out ended rows in order, a batch at a time', () => {
    const queue = new WriteQueue(limits);
    for (const callId of ['a', 'b', 'c', 'd', 'e']) queue.close(ended(callId), none, waiter());
    expect(callIds(queue.take()?.batch.closes)).toEqual(['a', 'b', 'c', 'd']);
    expect(callIds(queue.take()?.batch.closes)).toEqual(['e']);
    expect(queue.take()).toBeNull();
  });

  it('ends a batch at its bytes, with one row at least', () => {
    const queue = new WriteQueue({ ...limits, batchBytes: 5 });
    for (const record of ['123456789', '123', '45', '6']) queue.close(ended(record, record), none, waiter());
    expect([queue.take(), queue.take(), queue.take()].map((taken) => callIds(taken?.batch.closes))).toEqual([
      ['123456789'],
      ['123', '45'],
      ['6'],
    ]);
  });

  it('lets a close take its open and progress with it', () => {
    const queue = new WriteQueue(limits);
    queue.open(running('a'), none);
    queue.progress(running('b'), none);
    queue.close(ended('a'), none, waiter());
    queue.close(ended('b'), none, waiter());
    expect(queue.take()?.batch).toMatchObject({ opens: [], progress: [], closes: [{ callId: 'a' }, { callId: 'b' }] });
    expect([queue.isEmpty, queue.bytes]).toEqual([true, 0]);
  });

  it('keeps the newest progress only, in the open row while that still waits', () => {
    const queue = new WriteQueue(limits);
    queue.open(running('a', 'old'), none);
    queue.progress({ callId: 'a', record: 'newer' }, none);
    queue.progress({ callId: 'b', record: 'x' }, none);
    queue.progress({ callId: 'b', record: 'yy' }, none);
    expect(queue.bytes).toBe(7);
    expect(queue.take()?.batch).toMatchObject({
      opens: [{ callId: 'a', record: 'newer' }],
      progress: [{ callId: 'b', record: 'yy' }],
    });
  });

  it('gives up the oldest running rows first, then refuses ended ones', () => {
    const queue = new WriteQueue({ ...limits, rows: 3, batchRows: 10 });
    queue.open(running('o1'), none);
    queue.open(running('o2'), none);
    queue.open(running('o3'), none);
    expect(queue.close(ended('a'), none, waiter())).toBe(true);
    expect(queue.close(ended('b'), none, waiter())).toBe(true);
    expect(queue.close(ended('c'), none, waiter())).toBe(true);
    expect(queue.close(ended('d'), none, waiter())).toBe(false);
    expect(queue.take()?.batch).toMatchObject({
      opens: [],
      closes: [{ callId: 'a' }, { callId: 'b' }, { callId: 'c' }],
    });
  });

  it('counts the batch in flight and the bytes against the bound', () => {
    const queue = new WriteQueue({ ...limits, bytes: 10 });
    expect(queue.close(ended('a'), { rows: 10, bytes: 0 }, waiter())).toBe(false);
    expect(queue.close(ended('b', '0123456789'), { rows: 9, bytes: 0 }, waiter())).toBe(true);
    expect(queue.close(ended('c', '0'), none, waiter())).toBe(false);
    expect([queue.closedRows, queue.bytes]).toEqual([1, 10]);
  });

  it('tells the newest position of each destination once', () => {
    const queue = new WriteQueue(limits);
    queue.delivered('duckdb', 5);
    queue.delivered('duckdb', 9);
    expect(queue.take()?.batch.delivered).toEqual([{ destination: 'duckdb', seq: 9 }]);
    expect(queue.isEmpty).toBe(true);
  });
});
