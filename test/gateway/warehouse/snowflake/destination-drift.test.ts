/** What others do in the account while we deliver: locks, changed objects and rights, late arrivals, values of their own opinion. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { createTable, tableShapes } from '../../../../gateway/warehouse/table.ts';
import { startRepeatingProxy } from '../../../helpers/snowflake-repeating-proxy.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { arraySource, startDelivery } from '../../delivery/delivery-kit.ts';
import { expectExactlyOnce, quick, rowsOf, streamSeqs } from './persistent-kit.ts';
import {
  accessOf,
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
const rows = rowsOf(streamId);
const seqs = rows.map((row) => row.seq);

let snowflake: TestSnowflake;
let destination: TestDestination;
beforeEach(async () => {
  snowflake = await startSnowflake({ detachedTransactionMs: 300 });
});
afterEach(async () => {
  await destination.close();
  await snowflake.stop();
});

describe('a detached transaction that holds the lock', () => {
  it('is told as waiting for a lock, and delivery goes on when Snowflake has ended it', async () => {
    await setUp(snowflake, 'procedure');
    destination = destinationOf(snowflake.access, { ...quick, lockTimeoutSeconds: 1 });
    await destination.readCursor(streamId);
    snowflake.server.configure({ detachedTransactionMs: 3_000 });
    const lost = await openSession(snowflake.access, { parameters: { AUTOCOMMIT: false } });
    await lost.execute({ sql: `UPDATE ${schemaName}.stream_offsets SET updated_at = SYSDATE()`, tag: 'test' });
    snowflake.server.setFaults(({ kind }) => (kind === 'logout' ? { kind: 'dropBefore' } : null));
    await lost.close();
    const phases = new Set<string>();
    const delivery = startDelivery({
      source: arraySource([...rows]),
      destination,
      onState: (state) => phases.add(state.phase),
    });
    await waitFor('delivery', () => delivery.state().deliveredRows === rows.length, 15_000);
    await delivery.stop();
    expect(phases).toContain('waiting_for_lock');
    expect(phases).not.toContain('needs_attention');
    await expectExactlyOnce(snowflake, streamId);
  }, 30_000);
});

describe('what somebody changed in the account', () => {
  const { role, warehouse, user } = standardNames;
  beforeEach(async () => {
    await setUp(snowflake, 'procedure');
    destination = destinationOf(snowflake.access, quick);
    await destination.readCursor(streamId);
  });

  const facts = `${schemaName}.api_usage_metrics`;
  type Change = () => Promise<unknown> | void;
  const changes: readonly (readonly [string, Change, Change, RegExp])[] = [
    [
      'a column is dropped',
      () => snowflake.server.administrator.dropColumn(facts, 'tags'),
      () => setUp(snowflake, 'procedure'),
      /Run Setup/,
    ],
    [
      'the table is dropped',
      () => snowflake.server.administrator.dropTable(facts),
      () => setUp(snowflake, 'procedure'),
      /Run Setup/,
    ],
    [
      'the role is taken from the user',
      () => snowflake.server.administrator.revokeRole(user, role),
      () => snowflake.server.administrator.grantRole(user, role),
      /role/,
    ],
    [
      'the warehouse is suspended and may not resume',
      () => snowflake.server.administrator.suspendWarehouse(warehouse),
      () => snowflake.server.administrator.resumeWarehouse(warehouse),
      /warehouse/i,
    ],
    [
      "the warehouse's quota is used up",
      () => snowflake.server.administrator.suspendWarehouse(warehouse, { exhaustedMonitor: 'LIMIT_2026' }),
      () => snowflake.server.administrator.resumeWarehouse(warehouse),
      /quota/,
    ],
    [
      'the warehouse is dropped',
      () => snowflake.server.administrator.dropWarehouse(warehouse),
      () => {
        snowflake.server.administrator.createWarehouse(warehouse);
        snowflake.server.administrator.grant(role, 'usage', 'warehouse', warehouse);
      },
      /warehouse/i,
    ],
    [
      'the role may not write the table any more',
      () => snowflake.server.administrator.revoke(role, 'table', facts),
      () => snowflake.server.administrator.grant(role, 'ownership', 'table', facts),
      /administrator|Setup/,
    ],
  ];

  it.each(changes)(
    '%s: one action to take, and delivery resumes after it without a restart',
    async (_, break_, mend, action) => {
      await break_();
      await destination.close(); // a role is checked at the login
      const delivery = startDelivery({ source: arraySource([...rows]), destination });
      await waitFor('attention', () => delivery.state().phase === 'needs_attention', 15_000);
      expect(delivery.state().action).toMatch(action);
      expect(delivery.state().deliveredRows).toBe(0);
      await mend();
      await waitFor(
        'delivery',
        () => delivery.flush().then(() => delivery.state().deliveredRows === rows.length),
        15_000,
      );
      await delivery.stop();
      expect(delivery.state().action).toBeNull();
      await expectExactlyOnce(snowflake, streamId);
    },
    40_000,
  );
});

describe('an earlier attempt that lands late', () => {
  it('is not taken for a second writer when the batch has grown meanwhile', async () => {
    await setUp(snowflake, 'procedure');
    const proxy = await startRepeatingProxy(snowflake.server.url);
    destination = destinationOf(accessOf(snowflake.standard, { accessUrl: proxy.url }), quick);
    await destination.readCursor(streamId);
    snowflake.server.setFaults(({ kind }) => (kind === 'logout' ? { kind: 'dropBefore' } : null));
    let done = false;
    proxy.setPolicy((statement) => {
      if (done || statement !== 'CALL') return null;
      done = true;
      return { kind: 'late', afterMs: [300] };
    });
    await expect(destination.deliver(batchOf(rows.slice(0, 10)))).rejects.toMatchObject({ kind: 'offline' });
    await proxy.quiet();
    await expect(destination.deliver(batchOf(rows))).rejects.toMatchObject({
      kind: 'offline',
      message: expect.stringContaining('earlier attempt of ours'),
    });
    expect(await deliverFrom(destination, rows)).toEqual({ kind: 'stored' });
    await expectExactlyOnce(snowflake, streamId);
    await proxy.stop();
  });
});

describe('a value that only Snowflake finds wrong', () => {
  it.each(['procedure', 'guarded'] as const)(
    'parks that row and stores the others (%s protocol)',
    async (protocol) => {
      await setUp(snowflake, protocol);
      await snowflake.server.administrator.dropTable(`${schemaName}.api_usage_metrics`);
      const ddl = createTable(
        'snowflake',
        `${schemaName}.api_usage_metrics`,
        tableShapes.get('api_usage_metrics') ?? [],
      );
      const session = await openSession(snowflake.access);
      await session.execute({ sql: ddl.replace('user_id VARCHAR', 'user_id VARCHAR(20)'), tag: 'test' });
      await session.close();
      destination = destinationOf(snowflake.access, quick);
      const all = rows.map((row) => (row.seq === 13 ? { ...row, userId: 'u'.repeat(21) } : row));
      const delivery = startDelivery({ source: arraySource(all), destination });
      await waitFor('delivery', () => delivery.state().deliveredRows === rows.length - 1, 15_000);
      await delivery.stop();
      expect(delivery.state().parkedRows).toBe(1);
      expect(await streamSeqs(snowflake, streamId)).toEqual(seqs.filter((seq) => seq !== 13));
    },
    30_000,
  );
});
