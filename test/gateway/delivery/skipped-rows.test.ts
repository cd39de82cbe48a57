/** Rows that a paced destination is not to get (sample traffic, for one) must not wake it either. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../gateway/delivery/delivery.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { JournalReader } from '../../../gateway/journal/journal.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { endedCall, freshDataDir, startTestJournal, type DataDir } from '../journal/journal-kit.ts';
import { memoryDestination, startDelivery, type MemoryDestination } from './delivery-kit.ts';

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

/** Every tenth row, from the twentieth on. */
const readBatch: JournalReader['readBatch'] = (...place) => {
  const batch = source.readBatch(...place);
  return batch === null ? null : { ...batch, rows: batch.rows.filter(({ seq }) => seq > 10 && seq % 10 === 0) };
};

function start(): void {
  delivery = startDelivery({
    source: { streams: () => source.streams(), pending: (...place) => source.pending(...place), readBatch },
    destination,
    pace: { maxRows: 1_000, maxBytes: 8e6, intervalMs: 3_600_000 },
    limits: { maxRows: 4, maxBytes: 8e6 },
  });
}
const write = (count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => journal.close(endedCall(), 10_000)));
const sent = async (rows: number): Promise<void> => {
  await waitFor(`${rows} waiting rows`, () => delivery.state().backlogRows === rows);
  await delivery.flush();
};
const seqs = () => destination.rows.map((row) => row.seq);
const cursor = () => destination.cursors.get(journal.streamId);

describe('rows that are not for this destination', () => {
  it('are passed over without a request, and the next rows carry the cursor over them', async () => {
    start();
    await write(10);
    await waitFor('10 waiting rows', () => delivery.state().backlogRows === 10);
    const asked = destination.attemptsMs.length; // where the destination stands
    await delivery.flush();
    expect(delivery.state()).toMatchObject({ phase: 'idle', backlogRows: 0, deliveredSeq: 10, deliveredRows: 0 });
    expect(destination.attemptsMs).toHaveLength(asked);
    expect(cursor()).toBeUndefined();

    await write(14);
    await sent(14);
    expect(seqs()).toEqual([20]);
    expect(delivery.state()).toMatchObject({ backlogRows: 0, deliveredSeq: 24, deliveredRows: 1 });
    expect(destination.attemptsMs).toHaveLength(asked + 1);
    expect(cursor()).toBe(22); // the batch of rows 19 to 22
  });

  it('are passed over again by the next start, which loses and doubles nothing', async () => {
    start();
    await write(25);
    await sent(25);
    await write(4);
    await sent(4);
    await delivery.stop();
    start();
    await write(6);
    await waitFor('the first look', () => delivery.state().phase === 'idle');
    await delivery.flush();
    expect(seqs()).toEqual([20, 30]);
    expect(delivery.state()).toMatchObject({ backlogRows: 0, deliveredSeq: 35 });
  });
});
