/** A row at which Snowflake itself falls over, by the real driver and both protocols. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../gateway/delivery/delivery.ts';
import type { Destination } from '../../../../gateway/delivery/destination.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { quick, rowsOf, streamSeqs } from './persistent-kit.ts';
import { destinationOf, setUp, startSnowflake, type TestDestination, type TestSnowflake } from './snowflake-kit.ts';

const streamId = 'install:poison';
const poisonSeq = 23;
let snowflake: TestSnowflake;
let real: TestDestination;
let delivery: Delivery;
afterEach(async () => {
  await delivery.stop();
  await real.close();
  await snowflake.stop();
});

/** The stand-in falls over at statements that carry the row; a request for it shows no values, so the destination says what it sends. */
function poisoned(writing: 'CALL' | 'INSERT'): Destination {
  let carries = false;
  const internal = {
    kind: 'refuse',
    code: '000603',
    sqlState: 'XX000',
    message: 'SQL execution internal error',
  } as const;
  snowflake.server.setFaults(({ statement }) => (carries && statement === writing ? internal : null));
  return {
    name: real.name,
    readCursor: (stream) => real.readCursor(stream),
    deliver: (batch) => {
      carries = batch.rows.some((row) => row.seq === poisonSeq);
      return real.deliver(batch);
    },
    park: (row) => {
      carries = false;
      return real.park(row);
    },
  };
}

describe.each([
  ['procedure', 'CALL'],
  ['guarded', 'INSERT'],
] as const)('the %s protocol', (protocol, writing) => {
  it(
    'sets aside the one row that Snowflake falls over at and stores all others once',
    { timeout: 60_000 },
    async () => {
      snowflake = await startSnowflake();
      await setUp(snowflake, protocol);
      real = destinationOf(snowflake.access, quick);
      delivery = startDelivery({ source: arraySource(rowsOf(streamId)), destination: poisoned(writing) });
      await waitFor('an empty backlog', () => delivery.state().backlogRows === 0, 40_000);
      const others = rowsOf(streamId).flatMap(({ seq }) => (seq === poisonSeq ? [] : seq));
      expect(await streamSeqs(snowflake, streamId)).toEqual(others);
      const parked = await snowflake.server.rows(`SELECT seq AS "seq", reason AS "reason" FROM parked_rows`);
      expect(parked).toEqual([{ seq: poisonSeq, reason: expect.stringContaining('internal error') }]);
      expect(await real.readCursor(streamId)).toBe(30);
    },
  );
});
