/**
 * How many bytes a request has, and what becomes of one that is too large. The real driver against the stand-in, which refuses what is above
 * its limit on the wire; seen from the server: what came, how large, in which encoding.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import { maxWireBytes, wireBytes } from '../../../../gateway/warehouse/snowflake/request-body.ts';
import type { DeliveryState } from '../../../../gateway/delivery/delivery-state.ts';
import type { Delivery } from '../../../../gateway/delivery/delivery.ts';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import { noise, rowsOf, streamSeqs } from './persistent-kit.ts';
import {
  deliverFrom,
  destinationOf,
  setUp,
  startSnowflake,
  type TestDestination,
  type TestSnowflake,
} from './snowflake-kit.ts';

const streamId = 'install:epoch';
const protocols = [
  ['procedure', 'CALL'],
  ['guarded', 'INSERT'],
] as const;

let snowflake: TestSnowflake;
let destination: TestDestination;
let delivery: Delivery | null = null;
beforeEach(async () => {
  snowflake = await startSnowflake();
});
afterEach(async () => {
  await delivery?.stop();
  delivery = null;
  await destination.close();
  await snowflake.stop();
});

async function begin(protocol: 'procedure' | 'guarded'): Promise<void> {
  await setUp(snowflake, protocol);
  destination = destinationOf(snowflake.access);
  await destination.readCursor(streamId);
}

/** Requests that carried rows, in the order they came. */
const loads = (statement: string) =>
  snowflake.server
    .statementsSeen()
    .filter(({ text }) => text.startsWith(statement) && (statement === 'CALL' || text.includes('PARSE_JSON')));

const noisy = (count: number, length: number): UsageRecord[] =>
  rowsOf(streamId, count).map((row) => ({ ...row, userId: noise(length, row.seq) }));

async function deliverAll(rows: UsageRecord[], stored = rows.length): Promise<DeliveryState> {
  const started = startDelivery({ source: arraySource(rows), destination });
  delivery = started;
  await waitFor(
    'all rows',
    () => started.state().deliveredRows === stored && started.state().backlogRows === 0,
    60_000,
  );
  return started.state();
}

describe.each(protocols)('a full batch by the %s protocol', (protocol, statement) => {
  it('of ordinary calls is one compressed request, well below what Snowflake recommends', async () => {
    await begin(protocol);
    const rows = rowsOf(streamId, 5_000);
    expect(await deliverFrom(destination, rows)).toEqual({ kind: 'stored' });
    const [load, ...others] = loads(statement);
    expect(others).toEqual([]);
    expect(load).toMatchObject({ encoding: 'gzip' });
    expect(load?.wireBytes).toBeLessThan(maxWireBytes);
    expect(await streamSeqs(snowflake, streamId)).toEqual(rows.map(({ seq }) => seq));
  }, 60_000);

  it('that does not compress goes in parts below the limit, and none of it is refused or parked', async () => {
    await begin(protocol);
    const rows = noisy(120, 30_000);
    const { parkedRows } = await deliverAll(rows);
    expect(parkedRows).toBe(0);
    expect(snowflake.server.refusedBodies()).toBe(0);
    expect(await streamSeqs(snowflake, streamId)).toEqual(rows.map(({ seq }) => seq));
    const sizes = loads(statement).map((load) => load.wireBytes);
    expect(Math.max(...sizes)).toBeGreaterThan(maxWireBytes / 3);
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
  }, 90_000);

  it('finds a server that takes less than documented, and goes there by halves', async () => {
    snowflake.server.configure({ wireLimitBytes: 60_000 });
    await begin(protocol);
    const rows = rowsOf(streamId, 1_500);
    const { parkedRows } = await deliverAll(rows);
    expect(snowflake.server.refusedBodies()).toBeGreaterThan(0);
    expect(parkedRows).toBe(0);
    expect(await streamSeqs(snowflake, streamId)).toEqual(rows.map(({ seq }) => seq));
  }, 60_000);
});

const tooLarge: readonly (readonly [string, Fault])[] = [
  ['413 with a web page', { kind: 'status', status: 413, body: '<html><h1>413 Request Entity Too Large</h1></html>' }],
  ['413 without a word', { kind: 'status', status: 413 }],
  ['400 with the words of a proxy', { kind: 'status', status: 400, body: '<h1>Request Too Large</h1>' }],
  [
    '400 with those of a service',
    { kind: 'status', status: 400, body: '{"message":"Request size exceeds the limit"}' },
  ],
];
describe.each(protocols)('a single call that is too large by the %s protocol', (protocol, statement) => {
  it.each(tooLarge)(
    'is parked after %s, and the others are stored',
    async (_, fault) => {
      await begin(protocol);
      const rows = rowsOf(streamId, 20).map((row) => (row.seq === 7 ? { ...row, userId: 'seven' } : row));
      // What carries the row is too large: told by the size, because a policy does not see the binds.
      let carries = false;
      const real = destination;
      snowflake.server.setFaults((request) => (carries && request.statement === statement ? fault : null));
      const started = startDelivery({
        source: arraySource(rows),
        destination: {
          name: real.name,
          readCursor: (stream) => real.readCursor(stream),
          deliver: (batch) => {
            carries = batch.rows.some((row) => row.userId === 'seven');
            return real.deliver(batch);
          },
          park: (row) => {
            carries = false;
            return real.park(row);
          },
        },
      });
      delivery = started;
      await waitFor('the row to be parked', () => started.state().parkedRows > 0, 30_000);
      await waitFor('an empty backlog', () => started.state().backlogRows === 0, 30_000);
      expect(started.state().parkedRows).toBe(1);
      expect(await streamSeqs(snowflake, streamId)).toEqual(rows.flatMap(({ seq }) => (seq === 7 ? [] : seq)));
      expect(await snowflake.server.rows('SELECT seq AS "seq" FROM parked_rows')).toEqual([{ seq: 7 }]);
    },
    60_000,
  );
});

describe('another 400', () => {
  it('says nothing about the batch: nothing is halved, and it goes again', async () => {
    await begin('procedure');
    let left = 2;
    snowflake.server.setFaults(({ statement }) =>
      statement === 'CALL' && left-- > 0 ? { kind: 'status', status: 400, body: 'Bad Request' } : null,
    );
    const { parkedRows } = await deliverAll(rowsOf(streamId, 40));
    expect(loads('CALL')).toHaveLength(1); // the two that were refused never ran
    expect(parkedRows).toBe(0);
  });
});

describe('something on the way that does not take compressed bodies', () => {
  it('gets them as they are, in batches that fit', async () => {
    snowflake.server.configure({ takesGzip: false });
    await begin('procedure');
    const rows = rowsOf(streamId, 3_000);
    const { parkedRows } = await deliverAll(rows);
    expect(parkedRows).toBe(0);
    expect(snowflake.server.refusedBodies()).toBe(1);
    expect(loads('CALL').map(({ encoding }) => encoding)).not.toContain('gzip');
    expect(loads('CALL').length).toBeGreaterThan(2);
    expect(Math.max(...loads('CALL').map((load) => load.wireBytes))).toBeLessThan(1024 * 1024);
    expect(await streamSeqs(snowflake, streamId)).toEqual(rows.map(({ seq }) => seq));
    expect(wireBytes('x'.repeat(2_000_000))).toBeGreaterThan(2_000_000);
  }, 60_000);
});
