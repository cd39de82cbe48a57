/** Delivery to Snowflake over both protocols: the real driver against the stand-in. Faults: destination-faults.test.ts. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import { createDelivery } from '../../../../gateway/delivery/delivery.ts';
import { auditStreams } from '../../../../gateway/warehouse/snowflake/audit.ts';
import { readFleet } from '../../../../gateway/warehouse/snowflake/fleet.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { fromRow, recordColumnNames } from '../../../../gateway/warehouse/table.ts';
import { generateRows } from '../../../helpers/generated-rows.ts';
import { usageRecord } from '../../../helpers/usage-records.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import {
  auditable,
  batchOf,
  deliverFrom,
  destinationOf,
  replaceProcedure,
  setUp,
  startSnowflake,
  storedSeqs,
  type TestDestination,
  type TestSnowflake,
} from './snowflake-kit.ts';

let streams = 0;
const newStream = () => `install-${(streams += 1)}:epoch`;
const rowsOf = (streamId: string, count: number, firstSeq = 1): UsageRecord[] =>
  generateRows({ count, seed: count + firstSeq, fromMs: 1.7e12, toMs: 1.7e12 + 3.6e6, streamId, firstSeq });

describe.each(['procedure', 'guarded'] as const)('delivery by the %s protocol', (protocol) => {
  let snowflake: TestSnowflake;
  let destination: TestDestination;
  beforeAll(async () => {
    snowflake = await startSnowflake();
    await setUp(snowflake, protocol);
  }, 30_000);
  afterAll(() => snowflake.stop());
  beforeEach(() => {
    destination = destinationOf(snowflake.access);
  });
  afterEach(() => destination.close());

  const seqsOf = async (streamId: string): Promise<number[]> => {
    const rows = await snowflake.server.rows(
      `SELECT seq FROM api_usage_metrics WHERE stream_id = '${streamId}' ORDER BY seq`,
    );
    return rows.map((row) => Number(row['SEQ']));
  };

  it('finds out by looking which protocol there is, and tells it once', async () => {
    const streamId = newStream();
    await deliverFrom(destination, rowsOf(streamId, 3));
    await deliverFrom(destination, rowsOf(streamId, 6));
    expect(destination.protocols).toEqual([protocol]);
    expect(destination.lines).toMatchObject([{ event: 'DeliveryProtocolChosen', fields: { protocol } }]);
  });

  it('stores every field of every row as it was', async () => {
    const rows = rowsOf(newStream(), 300);
    expect(await deliverFrom(destination, rows)).toEqual({ kind: 'stored' });
    const session = await openSession(snowflake.access);
    const read = await session.execute({
      sql: `SELECT ${recordColumnNames.join(', ')} FROM api_usage_metrics WHERE stream_id = ? ORDER BY seq`,
      binds: [rows[0]?.streamId ?? ''],
      tag: 'test',
    });
    await session.close();
    expect(read.rows.map(fromRow)).toEqual(rows);
  });

  it('knows a stream it has never seen to stand at 0, and an own one where it stands', async () => {
    const streamId = newStream();
    expect(await destination.readCursor(streamId)).toBe(0);
    await deliverFrom(destination, rowsOf(streamId, 7));
    expect(await destination.readCursor(streamId)).toBe(7);
    expect(await destination.readCursor(newStream())).toBe(0);
  });

  it('refuses a replay and writes nothing of it', async () => {
    const rows = rowsOf(newStream(), 5);
    await deliverFrom(destination, rows);
    expect(await destination.deliver(batchOf(rows))).toEqual({ kind: 'moved', cursor: 5 });
    expect(await seqsOf(batchOf(rows).streamId)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses a second writer whose position has moved under it', async () => {
    const streamId = newStream();
    const second = destinationOf(snowflake.access);
    expect(await second.readCursor(streamId)).toBe(0);
    await deliverFrom(destination, rowsOf(streamId, 4));
    expect(await second.deliver(batchOf(rowsOf(streamId, 6)))).toEqual({ kind: 'moved', cursor: 4 });
    await second.close();
    expect(await seqsOf(streamId)).toEqual([1, 2, 3, 4]);
  });

  it('lets exactly one of two writers have a range that both send at once', async () => {
    const streamId = newStream();
    const second = destinationOf(snowflake.access);
    await Promise.all([destination.readCursor(streamId), second.readCursor(streamId)]);
    const rows = rowsOf(streamId, 50);
    const results = await Promise.all([destination.deliver(batchOf(rows)), second.deliver(batchOf(rows))]);
    await second.close();
    expect(results.map((result) => result.kind).toSorted()).toEqual(['moved', 'stored']);
    expect(await seqsOf(streamId)).toEqual(rows.map((row) => row.seq));
  });

  it('takes two first positions of one stream for one', async () => {
    const streamId = newStream();
    await destination.readCursor(streamId);
    await snowflake.server.rows(
      `INSERT INTO stream_offsets SELECT stream_id, last_seq, updated_at FROM stream_offsets WHERE stream_id = '${streamId}'`,
    );
    expect(await deliverFrom(destination, rowsOf(streamId, 3))).toEqual({ kind: 'stored' });
    await snowflake.server.rows(`INSERT INTO stream_offsets VALUES ('${streamId}', 0, SYSDATE())`); // made late
    expect(await destination.deliver(batchOf(rowsOf(streamId, 3)))).toEqual({ kind: 'moved', cursor: 3 });
    expect(await deliverFrom(destination, rowsOf(streamId, 6))).toEqual({ kind: 'stored' });
    expect(await seqsOf(streamId)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('moves the position over a range without rows', async () => {
    const streamId = newStream();
    await destination.readCursor(streamId);
    expect(await destination.deliver({ streamId, from: 0, to: 9, rows: [] })).toEqual({ kind: 'stored' });
    expect(await destination.readCursor(streamId)).toBe(9);
  });

  it('parks a row with its reason and moves past it, once', async () => {
    const streamId = newStream();
    const row = usageRecord({ streamId, seq: 1, userId: 'a\0b\ud800' });
    await destination.readCursor(streamId);
    const parked = { streamId, from: 0, to: 1, row, reason: "it's odd" };
    expect(await destination.park(parked)).toEqual({ kind: 'stored' });
    expect(await destination.park(parked)).toEqual({ kind: 'moved', cursor: 1 });
    const found = await snowflake.server.rows(
      `SELECT seq, reason, record:userId::VARCHAR AS user_id FROM parked_rows WHERE stream_id = '${streamId}'`,
    );
    expect(found).toMatchObject([{ SEQ: 1, REASON: "it's odd", USER_ID: 'a\ufffdb\ufffd' }]);
  });

  it('refuses rows it cannot store before anything is sent', async () => {
    const streamId = newStream();
    await destination.readCursor(streamId);
    const before = snowflake.server.statementsSeen().length;
    const result = await destination.deliver(batchOf([usageRecord({ streamId, seq: 1, errorCode: '\udfff' })]));
    expect(result).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('error_code') });
    expect(snowflake.server.statementsSeen()).toHaveLength(before);
  });

  it('delivers all but the poison rows, which it parks', async () => {
    const streamId = newStream();
    const rows = rowsOf(streamId, 60);
    const poison = new Map<number, Partial<UsageRecord>>([
      [3, { userId: 'nul\0' }],
      [17, { tags: { '\ud800': 'x' } }],
      [18, { totalTokens: 2 ** 60 + 2 ** 53 }],
      [41, { costUsd: Number.POSITIVE_INFINITY }],
      [60, { errorCode: 'x'.repeat(20_000_000) }],
    ]);
    const all = rows.map((row) => ({ ...row, ...poison.get(row.seq) }));
    const delivery = startDelivery({ source: arraySource(all), destination });
    await waitFor(
      'the parked rows',
      () => delivery.state().parkedRows === poison.size && delivery.state().backlogRows === 0,
    );
    await delivery.stop();
    expect(await seqsOf(streamId)).toEqual(rows.map((row) => row.seq).filter((seq) => !poison.has(seq)));
    const parked = await snowflake.server.rows(
      `SELECT seq FROM parked_rows WHERE stream_id = '${streamId}' ORDER BY seq`,
    );
    expect(parked.map((row) => Number(row['SEQ']))).toEqual([...poison.keys()]);
    expect(delivery.lines.filter((line) => line.event === 'DeliveryRowParked')).toHaveLength(poison.size);
  });

  it('halves a batch that is too large for one request', async () => {
    const streamId = newStream();
    const rows = rowsOf(streamId, 140).map((row) => ({ ...row, userId: 'ü'.repeat(30_000) }));
    const delivery = startDelivery({ source: arraySource(rows), destination });
    await waitFor('all rows', () => delivery.state().deliveredRows === rows.length, 30_000);
    await delivery.stop();
    expect(await seqsOf(streamId)).toEqual(rows.map((row) => row.seq));
    expect(delivery.state().parkedRows).toBe(0);
  }, 40_000);

  it('passes the audit, and the fleet shows who delivered', async () => {
    const warehouse = auditable(snowflake.server);
    expect((await auditStreams(warehouse)).flatMap((stream) => stream.problems)).toEqual([]);
    const fleet = await readFleet(warehouse, `install-${streams}`);
    expect(fleet.gateways.length).toBeGreaterThan(3);
    expect(fleet.gateways.filter((gateway) => gateway.own).map((gateway) => gateway.installId)).toEqual([
      `install-${streams}`,
    ]);
    expect(Date.now() - Date.parse(fleet.asOf ?? '')).toBeLessThan(60_000);
  });
});

describe('the choice of the protocol', () => {
  let snowflake: TestSnowflake;
  beforeEach(async () => {
    snowflake = await startSnowflake();
  });
  afterEach(() => snowflake.stop());

  it('asks for Setup when the procedure is of an older version, and goes on after it', async () => {
    await setUp(snowflake, 'procedure');
    await replaceProcedure(snowflake, 'AI Studio Monitor load procedure, version 1.46, a848922d7775'); // of 0.1.0
    const destination = destinationOf(snowflake.access);
    const rows = rowsOf(newStream(), 2);
    await expect(deliverFrom(destination, rows)).rejects.toMatchObject({
      kind: 'attention',
      action: expect.stringMatching(/^Run Setup again/),
    });
    await snowflake.server.rows('DROP PROCEDURE load_api_usage(VARCHAR, NUMBER, NUMBER, VARCHAR, VARCHAR)');
    await setUp(snowflake, 'procedure');
    expect(await deliverFrom(destination, rows)).toEqual({ kind: 'stored' });
    await destination.close();
  });

  it('leaves a newer procedure to newer gateways', async () => {
    await setUp(snowflake, 'procedure');
    await replaceProcedure(snowflake, 'AI Studio Monitor load procedure, version 99.1, 000000000000');
    const destination = destinationOf(snowflake.access);
    expect(await deliverFrom(destination, rowsOf(newStream(), 2))).toEqual({ kind: 'stored' });
    expect(destination.protocols).toEqual(['guarded']);
    await destination.close();
  });

  it('is made again when the procedure goes and when it comes', async () => {
    await setUp(snowflake, 'procedure');
    const destination = destinationOf(snowflake.access);
    const streamId = newStream();
    await deliverFrom(destination, rowsOf(streamId, 2));
    await snowflake.server.rows('DROP PROCEDURE load_api_usage(VARCHAR, NUMBER, NUMBER, VARCHAR, VARCHAR)');
    await expect(deliverFrom(destination, rowsOf(streamId, 4))).rejects.toMatchObject({ kind: 'attention' });
    expect(await deliverFrom(destination, rowsOf(streamId, 4))).toEqual({ kind: 'stored' });
    expect(destination.protocols).toEqual(['procedure', 'guarded']);
    await destination.close();
    await setUp(snowflake, 'procedure');
    expect(await deliverFrom(destination, rowsOf(streamId, 6))).toEqual({ kind: 'stored' });
    expect(destination.protocols).toEqual(['procedure', 'guarded', 'procedure']);
    await destination.close();
    expect(await storedSeqs(snowflake.server)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('doubles nothing when the offset table was dropped and made again', async () => {
    await setUp(snowflake, 'procedure');
    const rows = rowsOf(newStream(), 40);
    const destination = destinationOf(snowflake.access);
    await deliverFrom(destination, rows.slice(0, 25));
    await snowflake.server.administrator.dropTable('stream_offsets');
    await expect(deliverFrom(destination, rows)).rejects.toMatchObject({ kind: 'attention' });
    await setUp(snowflake, 'procedure');
    const delivery = createDelivery({
      source: arraySource(rows),
      destination,
      log: { info: () => undefined, warn: () => undefined },
      onState: () => undefined,
    });
    await waitFor('the rest', () => delivery.state().deliveredRows === 15);
    await delivery.stop();
    await destination.close();
    expect(await storedSeqs(snowflake.server)).toEqual(rows.map((row) => row.seq));
  });
});
