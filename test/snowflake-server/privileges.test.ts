import { describe, expect, it } from 'vitest';
import { standardNames } from '../helpers/snowflake-server/standard-account.ts';
import { refusalOf, run } from './driver.ts';
import { scene } from './scene.ts';

const { user, role, warehouse } = standardNames;

async function withForeignTable() {
  const parts = await scene();
  await parts.server.administrator.run('CREATE TABLE T (I NUMBER); INSERT INTO T VALUES (1)');
  return { ...parts, connection: await parts.open() };
}

describe('privileges', () => {
  it('hide an object until there is one, then allow exactly what was granted', async () => {
    const { server, connection } = await withForeignTable();
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '002003', sqlState: '42S02' });
    server.administrator.grant(role, 'select', 'table', 'T');
    expect((await run(connection, 'SELECT I FROM T')).rows).toEqual([{ I: 1 }]);
    expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (2)'))).toMatchObject({
      code: '003001',
      sqlState: '42501',
      message: "SQL access control error:\nInsufficient privileges to operate on table 'T'",
    });
    server.administrator.grant(role, 'insert', 'table', 'T');
    await run(connection, 'INSERT INTO T VALUES (2)');
    expect(await refusalOf(run(connection, 'DELETE FROM T'))).toMatchObject({ code: '003001' });
  });

  it('can be taken away while a session is open', async () => {
    const { server, connection } = await withForeignTable();
    server.administrator.grant(role, 'select', 'table', 'T');
    await run(connection, 'SELECT I FROM T');
    server.administrator.revoke(role, 'table', 'T');
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '002003' });
  });

  it('are needed to create, and the creator owns what it made', async () => {
    const { server, open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE MINE (I NUMBER)');
    await run(connection, 'INSERT INTO MINE VALUES (1)');
    server.administrator.revoke(role, 'schema', 'AISM.METRICS', 'create table');
    expect(await refusalOf(run(connection, 'CREATE TABLE OTHER (I NUMBER)'))).toMatchObject({ code: '003001' });
    await run(connection, 'DROP TABLE MINE');
  });

  it('of a role that is revoked end with the next login', async () => {
    const { server, open } = await scene();
    server.administrator.revokeRole(user, role);
    expect(await refusalOf(open())).toMatchObject({ code: '390189' });
    server.administrator.grantRole(user, role);
    expect((await open()).isUp()).toBe(true);
  });

  it('can be granted by SQL, as an administrator runs the script', async () => {
    const { server, connection } = await withForeignTable();
    await server.administrator.run(`GRANT SELECT, INSERT ON TABLE AISM.METRICS.T TO ROLE ${role}`);
    await run(connection, 'INSERT INTO T VALUES (2)');
    expect((await run(connection, 'SELECT I FROM T ORDER BY I')).rows).toEqual([{ I: 1 }, { I: 2 }]);
    await server.administrator.run(`REVOKE INSERT ON TABLE AISM.METRICS.T FROM ROLE ${role}`);
    expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (3)'))).toMatchObject({ code: '003001' });
  });
});

describe('warehouses', () => {
  it('resume by themselves where they may', async () => {
    const { server, connection } = await withForeignTable();
    server.administrator.grant(role, 'select', 'table', 'T');
    server.administrator.suspendWarehouse(warehouse, { autoResume: true });
    await run(connection, 'SELECT I FROM T');
    expect(server.account.warehouses.get(warehouse)?.state).toBe('running');
  });

  it('that may not resume are no warehouse: 000606, until they are resumed', async () => {
    const { server, connection } = await withForeignTable();
    server.administrator.grant(role, 'select', 'table', 'T');
    server.administrator.suspendWarehouse(warehouse);
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '000606', sqlState: '57P03' });
    await run(connection, 'SELECT 1'); // reads no table, needs no warehouse
    server.administrator.resumeWarehouse(warehouse);
    await run(connection, 'SELECT I FROM T');
  });

  it('whose quota is used up say so: 090073', async () => {
    const { server, connection } = await withForeignTable();
    server.administrator.grant(role, 'select', 'table', 'T');
    server.administrator.suspendWarehouse(warehouse, { exhaustedMonitor: 'MONTHLY' });
    const refusal = await refusalOf(run(connection, 'SELECT I FROM T'));
    expect(refusal.code).toBe('090073');
    expect(refusal.message).toContain("resource monitor 'MONTHLY' has exceeded its quota");
  });

  it('that are gone are no warehouse either', async () => {
    const { server, connection } = await withForeignTable();
    server.administrator.grant(role, 'select', 'table', 'T');
    server.administrator.dropWarehouse(warehouse);
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '000606' });
    expect(await refusalOf(run(connection, `USE WAREHOUSE ${warehouse}`))).toMatchObject({ code: '002043' });
  });
});

describe('a table that changes under its users', () => {
  it('is missed by the next statement, and found again when it is back', async () => {
    const { server, open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER)');
    await server.administrator.dropTable('T');
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '002003' });
    await run(connection, 'CREATE TABLE T (I NUMBER)');
    expect((await run(connection, 'SELECT I FROM T')).rows).toEqual([]);
  });

  it('without a column, or with another name for it, refuses the old one', async () => {
    const { server, open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER, J NUMBER, K NUMBER)');
    await run(connection, 'INSERT INTO T VALUES (1, 2, 3)');
    await server.administrator.dropColumn('T', 'J');
    await server.administrator.renameColumn('T', 'K', 'L');
    expect((await run(connection, 'SELECT * FROM T')).rows).toEqual([{ I: 1, L: 3 }]);
    expect(await refusalOf(run(connection, 'SELECT J FROM T'))).toMatchObject({ code: '000904' });
  });

  it('waits with its change for open transactions that wrote to it', async () => {
    const { server, open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER, J NUMBER)');
    await run(connection, 'BEGIN');
    await run(connection, 'INSERT INTO T VALUES (1, 2)');
    const change = server.administrator.dropColumn('T', 'J');
    await run(connection, 'COMMIT');
    await change;
    expect((await run(connection, 'SELECT * FROM T')).rows).toEqual([{ I: 1 }]);
  });
});
