/** When a row is set aside, and when it is not: the real driver against a stand-in that refuses loads for a while, or for good. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../gateway/delivery/delivery.ts';
import type { Destination } from '../../../../gateway/delivery/destination.ts';
import type { Protocol } from '../../../../gateway/warehouse/snowflake/loader.ts';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import { quick, rowsOf, streamSeqs } from './persistent-kit.ts';
import { destinationOf, setUp, startSnowflake, type TestDestination, type TestSnowflake } from './snowflake-kit.ts';

const streamId = 'install:aside';
const rows = rowsOf(streamId, 16);
const suspectSeq = 11;
const seqs = rows.map(({ seq }) => seq);
const protocols = [
  ['procedure', 'CALL'],
  ['guarded', 'INSERT'],
] as const;

let snowflake: TestSnowflake;
let real: TestDestination;
let delivery: Delivery;
beforeEach(async () => {
  snowflake = await startSnowflake();
});
afterEach(async () => {
  await delivery.stop();
  await real.close();
  await snowflake.stop();
});

const refusal = (code: string, sqlState: string): Fault => ({ kind: 'refuse', code, sqlState, message: 'Refused' });

/**
 * Loads with the suspect row are refused, as long as `lasts` says so: it is asked with how often the row has been refused alone. A policy does
 * not see the binds, so the destination tells what it sends.
 */
async function begin(
  protocol: Protocol,
  writing: string,
  fault: Fault,
  lasts: (alone: number) => boolean,
): Promise<{ readonly sizes: number[]; readonly sessions: Set<number> }> {
  await setUp(snowflake, protocol);
  real = destinationOf(snowflake.access, quick);
  const sizes: number[] = [];
  const sessions = new Set<number>();
  let [carries, size, alone] = [false, 0, 0];
  snowflake.server.setFaults(({ statement, sessionId }) => {
    if (!carries || statement !== writing) return null;
    sizes.push(size);
    if (size === 1 && sessionId !== null) sessions.add(sessionId);
    if (!lasts(alone)) return null;
    if (size === 1) alone += 1;
    return fault;
  });
  const destination: Destination = {
    name: real.name,
    readCursor: (stream) => real.readCursor(stream),
    deliver: (batch) => {
      carries = batch.rows.some(({ seq }) => seq === suspectSeq);
      size = batch.rows.length;
      return real.deliver(batch);
    },
    park: (row) => {
      carries = false;
      return real.park(row);
    },
  };
  delivery = startDelivery({ source: arraySource([...rows]), destination });
  return { sizes, sessions };
}

const parkedSeqs = async () =>
  (await snowflake.server.rows('SELECT seq AS "seq" FROM parked_rows')).map((row) => row['seq']);
const emptied = () => waitFor('an empty backlog', () => delivery.state().backlogRows === 0, 30_000);

describe.each(protocols)('by the %s protocol', (protocol, writing) => {
  it.each([
    ['values', refusal('100038', '22018')],
    ['an internal error', refusal('000603', 'XX000')],
    ['the size of the request', { kind: 'status', status: 413 }],
  ] satisfies readonly (readonly [string, Fault])[])(
    'a fault about %s that ends when the row stands alone sets nothing aside',
    async (_, fault) => {
      const { sizes, sessions } = await begin(protocol, writing, fault, (alone) => alone < 1);
      await emptied();
      expect(sizes.slice(-2)).toEqual([1, 1]);
      expect(sessions.size).toBe(2); // the second time on a new session
      expect(await parkedSeqs()).toEqual([]);
      expect(await streamSeqs(snowflake, streamId)).toEqual(seqs);
    },
    60_000,
  );

  it.each([
    ['values', refusal('100071', '22000')],
    ['an internal error', refusal('000603', 'XX000')],
  ])(
    'a fault about %s that stays sets aside this row alone, after two attempts with it alone',
    async (_, fault) => {
      const { sizes, sessions } = await begin(protocol, writing, fault, () => true);
      await emptied();
      expect(sizes.filter((size) => size === 1)).toHaveLength(2);
      expect(sessions.size).toBe(2);
      expect(await parkedSeqs()).toEqual([suspectSeq]);
      expect(await streamSeqs(snowflake, streamId)).toEqual(seqs.filter((seq) => seq !== suspectSeq));
    },
    60_000,
  );

  it.each([
    ['a busy service in state 22000', refusal('091421', '22000')],
    ['no current database in state 22000', refusal('090105', '22000')],
    ['an error of the procedure', refusal('100132', 'P0000')],
    ['too many requests', refusal('390701', '08001')],
  ])(
    '%s halves nothing and sets nothing aside, however long it lasts',
    async (_, fault) => {
      let isOver = false;
      const { sizes } = await begin(protocol, writing, fault, () => !isOver);
      await waitFor('some attempts', () => delivery.flush().then(() => sizes.length >= 8), 30_000);
      expect(new Set(sizes)).toEqual(new Set([rows.length]));
      isOver = true;
      await waitFor('an empty backlog', () => delivery.flush().then(() => delivery.state().backlogRows === 0), 30_000);
      expect(await parkedSeqs()).toEqual([]);
      expect(await streamSeqs(snowflake, streamId)).toEqual(seqs);
    },
    60_000,
  );
});
