/**
 * Positions that are not what delivery left: put back by a clone, by Time Travel or by hand, or moved by an UPDATE that did not look again after
 * its wait for the lock. Neither doubles a row; without the look for rows that are there each of these does.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Protocol } from '../../../../gateway/warehouse/snowflake/loader.ts';
import { auditStreams } from '../../../../gateway/warehouse/snowflake/audit.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { loaderWithoutLook, procedureWithoutLook } from '../../../helpers/snowflake-without-look.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import { quick, rowsOf, streamSeqs } from './persistent-kit.ts';
import {
  auditable,
  batchOf,
  deliverFrom,
  destinationOf,
  schemaName,
  setUp,
  startSnowflake,
  type TestDestination,
  type TestSnowflake,
} from './snowflake-kit.ts';

const streamId = 'install:epoch';
const other = 'elsewhere:epoch';
let snowflake: TestSnowflake;
const destinations: TestDestination[] = [];
afterEach(async () => {
  await Promise.all(destinations.splice(0).map((destination) => destination.close()));
  await snowflake.stop();
});

type Look = 'with' | 'without';
const table: readonly (readonly [Protocol, Look])[] = [
  ['procedure', 'with'],
  ['guarded', 'with'],
  ['procedure', 'without'],
  ['guarded', 'without'],
];

async function begin(protocol: Protocol, look: Look): Promise<TestDestination> {
  snowflake = await startSnowflake();
  await setUp(snowflake, protocol);
  if (protocol === 'procedure' && look === 'without') await run(procedureWithoutLook(snowflake.access.profile));
  return open(look);
}

function open(look: Look): TestDestination {
  const options = look === 'with' ? quick : { ...quick, withoutProcedure: loaderWithoutLook };
  const destination = destinationOf(snowflake.access, options);
  destinations.push(destination);
  return destination;
}

async function run(sql: string): Promise<void> {
  const session = await openSession(snowflake.access);
  await session.execute({ sql, tag: 'test' });
  await session.close();
}

const seqs = (count: number) => rowsOf(streamId, count).map(({ seq }) => seq);

interface Found {
  /** Of the stream's rows that should be there: none missing, none twice. */
  readonly exact: boolean;
  readonly doubled: number;
  readonly problems: readonly string[];
  readonly position: number | null;
}

async function found(count: number, stream = streamId): Promise<Found> {
  const there = await streamSeqs(snowflake, stream);
  const audits = await auditStreams(auditable(snowflake.server));
  const audit = audits.find((one) => one.streamId === stream);
  return {
    exact: there.join() === seqs(count).join(),
    doubled: there.length - new Set(there).size,
    problems: audit?.problems ?? [],
    position: audit?.position ?? null,
  };
}

/** Without the look, rows are there twice, and the audit says so. */
const expected = (look: Look, position: number) =>
  look === 'with'
    ? { exact: true, doubled: 0, problems: [], position }
    : {
        exact: false,
        doubled: expect.toSatisfy((rows: number) => rows > 0),
        problems: [expect.stringContaining('more than once')],
        position,
      };

const offsets = `${schemaName}.stream_offsets`;
const putBacks: readonly (readonly [string, string])[] = [
  ['to the beginning', `UPDATE ${offsets} SET last_seq = 0 WHERE stream_id = '${streamId}'`],
  ['half way', `UPDATE ${offsets} SET last_seq = 50 WHERE stream_id = '${streamId}'`],
  ['to the row before the last', `UPDATE ${offsets} SET last_seq = 99 WHERE stream_id = '${streamId}'`],
  ['together with all others', `UPDATE ${offsets} SET last_seq = FLOOR(last_seq / 3)`],
];

describe.each(table)('by the %s protocol, %s the look,', (protocol, look) => {
  it.each(putBacks)('a position put back %s', async (_, sql) => {
    const destination = await begin(protocol, look);
    await deliverFrom(destination, rowsOf(streamId, 100));
    await deliverFrom(destination, rowsOf(other, 60));
    await snowflake.server.rows(sql);
    expect(await deliverFrom(destination, rowsOf(streamId, 150))).toEqual({ kind: 'stored' });
    expect(await deliverFrom(destination, rowsOf(other, 80))).toEqual({ kind: 'stored' });
    expect(await found(150)).toEqual(expected(look, 150));
  });

  it('a table of positions as it was earlier, and the clone of the clone', async () => {
    const destination = await begin(protocol, look);
    await deliverFrom(destination, rowsOf(streamId, 40));
    const earlier = await snowflake.server.rows(`SELECT last_seq AS "seq" FROM ${offsets}`);
    for (const count of [70, 100]) await deliverFrom(destination, rowsOf(streamId, count));
    for (let times = 0; times < 2; times += 1) {
      await snowflake.server.rows(`UPDATE ${offsets} SET last_seq = ${String(earlier[0]?.['seq'])}`);
      for (const count of [55, 80, 120]) await deliverFrom(destination, rowsOf(streamId, count));
    }
    expect(await found(120)).toEqual(expected(look, 120));
  });

  it('the same batch from two gateways whose UPDATEs both go by what they saw before the wait', async () => {
    const first = await begin(protocol, look);
    const second = open(look);
    const rows = rowsOf(streamId, 100);
    await Promise.all([first.readCursor(streamId), second.readCursor(streamId)]);
    snowflake.server.configure({ looksAgain: false });
    const holder = await openSession(snowflake.access, { parameters: { AUTOCOMMIT: false } });
    await holder.execute({
      sql: `UPDATE ${offsets} SET updated_at = SYSDATE() WHERE stream_id = 'nobody'`,
      tag: 'test',
    });
    const results = Promise.all([first.deliver(batchOf(rows)), second.deliver(batchOf(rows))]);
    await waitFor('both to wait', () => snowflake.server.lockWaiters() === 2);
    await holder.execute({ sql: 'ROLLBACK', tag: 'test' });
    await holder.close();
    expect(await results).toEqual([{ kind: 'stored' }, { kind: 'stored' }]);
    expect(await found(100)).toEqual(expected(look, 100));
  });

  it('a parked row whose position was put back', async () => {
    const destination = await begin(protocol, look);
    const [row] = rowsOf(streamId, 1);
    if (row === undefined) throw new Error('No row');
    const parked = { streamId, from: 0, to: 1, row, reason: 'odd' };
    await destination.readCursor(streamId);
    expect(await destination.park(parked)).toEqual({ kind: 'stored' });
    await snowflake.server.rows(`UPDATE ${offsets} SET last_seq = 0`);
    expect(await destination.park(parked)).toEqual({ kind: 'stored' });
    expect(await snowflake.server.rows('SELECT seq FROM parked_rows')).toHaveLength(look === 'with' ? 1 : 2);
  });
});

describe('delivery whose position is put back while it runs', () => {
  it.each(['procedure', 'guarded'] as const)(
    'goes on by itself and doubles nothing (%s)',
    async (protocol) => {
      const destination = await begin(protocol, 'with');
      const rows = rowsOf(streamId, 300);
      const grown = rows.slice(0, 100);
      const delivery = startDelivery({
        source: arraySource(grown),
        destination,
        limits: { maxRows: 30, maxBytes: 1e9 },
      });
      await waitFor('a hundred rows', () => delivery.state().backlogRows === 0, 10_000);
      await snowflake.server.rows(`UPDATE ${offsets} SET last_seq = 45`);
      grown.push(...rows.slice(100));
      const arrived = async () => (await streamSeqs(snowflake, streamId)).length >= 300;
      await waitFor('the rest', arrived, 20_000);
      await waitFor('an end of the alarm', () => delivery.state().phase === 'idle', 20_000);
      await delivery.stop();
      expect(await found(300)).toEqual(expected('with', 300));
    },
    40_000,
  );
});

describe('a range that does not move forwards', () => {
  it.each(['procedure', 'guarded'] as const)('is refused and moves nothing (%s)', async (protocol) => {
    const destination = await begin(protocol, 'with');
    await deliverFrom(destination, rowsOf(streamId, 10));
    for (const to of [10, 4, 0]) {
      const work = destination.deliver({ streamId, from: 10, to, rows: [] });
      await expect(work).rejects.toMatchObject({ kind: 'attention' });
    }
    expect(await destination.readCursor(streamId)).toBe(10);
  });
});

describe('the first position of a stream', () => {
  it('is made once by any number of gateways that make it at once', async () => {
    await begin('procedure', 'with');
    const gateways = Array.from({ length: 8 }, () => open('with'));
    await Promise.all(gateways.map((gateway) => gateway.readCursor(other))); // logged in
    await Promise.all(gateways.map((gateway) => gateway.readCursor(streamId)));
    const rows = await snowflake.server.rows(`SELECT stream_id FROM ${offsets} WHERE stream_id = '${streamId}'`);
    expect(rows).toHaveLength(1);
  });
});
