/** Delivery to a destination that is not written to at once, over a real journal. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackOff } from '../../../gateway/delivery/back-off.ts';
import type { Delivery, DeliveryOptions } from '../../../gateway/delivery/delivery.ts';
import { DestinationFault } from '../../../gateway/delivery/destination.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { JournalReader } from '../../../gateway/journal/journal.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { endedCall, freshDataDir, startTestJournal, type DataDir } from '../journal/journal-kit.ts';
import { memoryDestination, startDelivery, type MemoryDestination } from './delivery-kit.ts';

const hourMs = 3_600_000;
const lazy = { maxRows: 1_000, maxBytes: 8e6, intervalMs: hourMs };

let dir: DataDir;
let journal: RunningJournal;
let source: JournalReader;
let destination: MemoryDestination;
let delivery: Delivery;
beforeEach(async () => {
  dir = freshDataDir();
  journal = await startTestJournal(dir.path);
  source = openJournalReader(dir.path);
  destination = memoryDestination();
});
afterEach(async () => {
  await delivery.stop();
  source.close();
  await journal.stop();
  dir[Symbol.dispose]();
});

function start(options: Partial<DeliveryOptions> = {}): Delivery {
  delivery = startDelivery({ source, destination, pace: lazy, ...options });
  return delivery;
}
const write = (count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => journal.close(endedCall(), 10_000)));
const waiting = (rows: number) =>
  waitFor(`${rows} waiting rows`, () => delivery.state().backlogRows === rows && delivery.state());
const phase = (name: string) => waitFor(name, () => delivery.state().phase === name && delivery.state());
const seqs = () => destination.rows.map((row) => row.seq);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('rows that wait', () => {
  it('are counted, weighed and dated, and leave when there are enough of them', async () => {
    const before = Date.now();
    start({ pace: { ...lazy, maxRows: 30 } });
    await write(12);
    const state = await waiting(12);
    expect(state).toMatchObject({ phase: 'idle', deliveredRows: 0, lastError: null, action: null });
    expect(state.backlogBytes).toBeGreaterThan(12 * 500);
    expect(state.backlogBytes).toBeLessThan(12 * 5_000);
    expect(Date.parse(state.oldestWaitingAt ?? '')).toBeGreaterThanOrEqual(before);
    const dueInMs = Date.parse(state.nextDeliveryAt ?? '') - Date.now();
    expect(dueInMs).toBeGreaterThan(0.85 * hourMs);
    expect(dueInMs).toBeLessThanOrEqual(hourMs);
    expect(destination.rows).toEqual([]);
    await write(18);
    await waitFor('the delivery', () => destination.rows.length === 30);
    await waitFor('an empty backlog', () => delivery.state().nextDeliveryAt === null);
    expect(delivery.state()).toMatchObject({
      backlogRows: 0,
      backlogBytes: 0,
      oldestWaitingAt: null,
      deliveredSeq: 30,
    });
  });

  it('leave when the first of them is old enough', async () => {
    start({ pace: { ...lazy, intervalMs: 400 } });
    await write(3);
    await waitFor('the delivery', () => destination.rows.length === 3);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('leave at so many bytes', async () => {
    start({ pace: { ...lazy, maxBytes: 20_000 } });
    await write(5);
    await waiting(5);
    await write(40);
    await waitFor('the delivery', () => destination.rows.length === 45);
    expect(seqs()).toEqual(upTo(45));
  });

  it('leave at once when somebody asks, and the asker hears when they are there', async () => {
    start();
    await write(4);
    await waiting(4);
    await delivery.flush();
    expect(seqs()).toEqual([1, 2, 3, 4]);
    await write(1);
    await waiting(1);
    expect(destination.rows).toHaveLength(4);
  });

  it('go in batches, all of them, when it is time', async () => {
    start({ pace: { ...lazy, maxRows: 100 }, limits: { maxRows: 30, maxBytes: 8e6 } });
    await write(120);
    await waitFor('all batches', () => destination.rows.length === 120);
    expect(seqs()).toEqual(upTo(120));
  });

  it('are not read again and again: the cost of looking does not grow with them', async () => {
    const looks = { pending: 0, readBatch: 0 };
    start({
      source: {
        streams: () => source.streams(),
        pending: (...args) => {
          looks.pending += 1;
          return source.pending(...args);
        },
        readBatch: (...args) => {
          looks.readBatch += 1;
          return source.readBatch(...args);
        },
      },
      pace: { ...lazy, maxRows: 100_000, maxBytes: 1e9 },
    });
    await write(7_000);
    await waiting(7_000);
    const before = looks.pending;
    await write(2_000);
    const state = await waiting(9_000);
    expect(looks.pending - before).toBeLessThanOrEqual(1); // 5,000 sampled rows stand as long as the first one waits
    expect(looks.readBatch).toBe(0);
    expect((state.backlogBytes ?? 0) / 9_000).toBeGreaterThan(500);
  });
});

describe('a destination that fails', () => {
  it('is offline, the backlog goes on being counted, and no attempt comes before its time', async () => {
    destination.before = () => {
      throw new DestinationFault('offline', 'connect ECONNREFUSED');
    };
    start({ pace: { ...lazy, maxRows: 1 }, backOff: createBackOff(400, 400, { spread: 0 }) });
    await write(5);
    const state = await phase('offline');
    expect(state).toMatchObject({ lastError: 'connect ECONNREFUSED', action: null });
    expect(state.nextDeliveryAt).not.toBeNull();
    await write(20);
    await waiting(25);
    await waitFor('some attempts', () => destination.attemptsMs.length >= 4, 20_000);
    const gaps = destination.attemptsMs.slice(1).map((ms, index) => ms - (destination.attemptsMs[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(390);
    destination.before = () => undefined;
    await waitFor('recovery', () => destination.rows.length === 25, 20_000);
    await phase('idle');
    expect(delivery.state()).toMatchObject({ lastError: null, nextDeliveryAt: null });
  });

  it('does not count delivered rows again when it breaks in the middle', async () => {
    start({ backOff: createBackOff(hourMs, hourMs) });
    await write(10);
    await waiting(10);
    await delivery.flush();
    destination.before = () => {
      throw new DestinationFault('offline', 'connection reset');
    };
    await write(4);
    await waiting(4);
    await delivery.flush();
    await write(2);
    expect(await waiting(6)).toMatchObject({ phase: 'offline' });
  });

  it('is tried at once when somebody asks, however long the wait still is', async () => {
    let broken = true;
    destination.before = () => {
      if (broken) throw new DestinationFault('offline', 'black hole');
    };
    start({ backOff: createBackOff(hourMs, hourMs) });
    await write(2);
    await phase('offline');
    broken = false;
    await delivery.flush();
    expect(seqs()).toEqual([1, 2]);
    await phase('idle');
  });

  it('is waited for while another transaction holds the lock', async () => {
    let held = true;
    destination.before = () => {
      if (held) throw new DestinationFault('lock', 'Another transaction holds the row of this stream');
    };
    start({ pace: { ...lazy, maxRows: 1 } });
    await write(1);
    expect(await phase('waiting_for_lock')).toMatchObject({ action: null });
    held = false;
    await waitFor('the delivery', () => destination.rows.length === 1);
  });

  it('says what to do when somebody has to act, and goes on without a restart when it was done', async () => {
    let granted = false;
    const action = 'Grant INSERT on API_USAGE_METRICS to the role METER.';
    destination.before = () => {
      if (!granted) throw new DestinationFault('attention', 'Insufficient privileges', { action });
    };
    start({ pace: { ...lazy, maxRows: 1 }, backOff: createBackOff(5, 300) });
    await write(1);
    expect(await phase('needs_attention')).toMatchObject({ lastError: 'Insufficient privileges', action });
    granted = true;
    await waitFor('the delivery', () => destination.rows.length === 1);
    await phase('idle');
    expect(delivery.state()).toMatchObject({ lastError: null, action: null });
  });

  it('is left in peace as long as it says, unless somebody asks', async () => {
    destination.before = () => {
      throw new DestinationFault('attention', 'Incorrect password', { action: 'Enter it again.', restMs: hourMs });
    };
    start({ pace: { ...lazy, maxRows: 1 } });
    await write(1);
    const state = await phase('needs_attention');
    expect(Date.parse(state.nextDeliveryAt ?? '') - Date.now()).toBeGreaterThan(0.9 * hourMs);
    await write(1);
    await waiting(2);
    expect(destination.attemptsMs).toHaveLength(1);
    await delivery.flush();
    expect(destination.attemptsMs).toHaveLength(2);
  });

  it('is fenced with an alarm when another hand moves the cursor, and nothing doubles', async () => {
    start();
    await write(10);
    await waiting(10);
    const streamId = journal.streamId;
    // The copy delivered the first six of the same rows meanwhile.
    const copied = source.readBatch(streamId, 0, 6, 8e6);
    destination.rows.push(...(copied?.rows ?? []));
    destination.cursors.set(streamId, 6);
    await delivery.flush();
    expect(delivery.state()).toMatchObject({ phase: 'needs_attention' });
    expect(delivery.state().detail).toContain('another writer');
    expect(delivery.state().action).toContain('copies of one data directory');
    expect(destination.rows).toHaveLength(6);
    await delivery.flush();
    expect(seqs()).toEqual(upTo(10));
  });
});

describe('before the destination has said where it stands', () => {
  it('the backlog is counted from what an earlier run remembered', async () => {
    await write(50);
    journal.delivered('memory', 40);
    await write(1);
    destination.before = () => {
      throw new DestinationFault('offline', 'unreachable');
    };
    await waitFor('the note', () => source.remembered('memory') === 40);
    start({ rememberedSeq: source.remembered('memory') });
    await phase('offline');
    expect(delivery.state().backlogRows).toBe(11);
  });
});
