import { expect, it } from 'vitest';
import { run, disconnect, refusalOf } from './driver.ts';
import { scene } from './scene.ts';

it('renews an expired session token behind the caller and runs the statement once', async () => {
  const { server, open } = await scene();
  const connection = await open();
  let expired = false;
  server.setFaults(({ kind }) => {
    if (kind !== 'query' || expired) return null;
    expired = true;
    return { kind: 'expireSession' };
  });
  expect((await run(connection, 'SELECT 1 AS N')).rows).toEqual([{ N: 1 }]);
  expect(server.statementsSeen()).toHaveLength(1);
  expect(connection.isUp()).toBe(true);
});

it('expires session tokens by its own clock', async () => {
  const { server, open } = await scene({ sessionSeconds: 60, masterSeconds: 600 });
  const connection = await open();
  server.setClockSkewMs(61_000);
  expect((await run(connection, 'SELECT 1 AS N')).rows).toEqual([{ N: 1 }]);
  server.setClockSkewMs(700_000);
  expect(await refusalOf(run(connection, 'SELECT 1'))).toMatchObject({ code: 407002 });
  expect(connection.isUp()).toBe(false);
});

it('ends the connection with 407002 when the master token has expired too', async () => {
  const { server, open } = await scene();
  const connection = await open();
  server.setFaults(({ kind }) => (kind === 'query' ? { kind: 'expireMaster' } : null));
  expect(await refusalOf(run(connection, 'SELECT 1'))).toMatchObject({ code: 407002 });
  expect(connection.isUp()).toBe(false);
});

it.each(['390104', '390111'] as const)('ends the connection with 407002 on %s inside a 200', async (code) => {
  const { server, open } = await scene();
  const connection = await open();
  server.setFaults(({ kind }) => (kind === 'query' ? { kind: 'sessionError', code } : null));
  expect(await refusalOf(run(connection, 'SELECT 1'))).toMatchObject({ code: 407002 });
  expect(connection.isUp()).toBe(false);
});

it('tells 401 with 390104 as 401004', async () => {
  const { server, open } = await scene();
  const connection = await open();
  server.setFaults(({ kind }) => (kind === 'query' ? { kind: 'sessionError', code: '390104', status: 401 } : null));
  expect(await refusalOf(run(connection, 'SELECT 1'))).toMatchObject({ code: 401004 });
});

it('answers a heartbeat while the session lives, and refuses one after it is gone', async () => {
  const { server, open } = await scene();
  const connection = await open();
  expect(await connection.isValidAsync()).toBe(true);
  server.setFaults(({ kind }) => (kind === 'heartbeat' ? { kind: 'loseSession' } : null));
  expect(await connection.isValidAsync()).toBe(false);
});

it('closes the session at logout, with what it had open', async () => {
  const { server, open } = await scene();
  const connection = await open();
  await run(connection, 'BEGIN');
  expect(server.openTransactions()).toHaveLength(1);
  await disconnect(connection);
  expect(server.openTransactions()).toHaveLength(0);
  expect(server.openSessions()).toHaveLength(1); // the administrator's own
});

it('forgets every session at a restart and keeps the data and the port', async () => {
  const { server, open } = await scene();
  const before = await open();
  await run(before, 'CREATE TABLE T (A NUMBER)');
  await run(before, 'INSERT INTO T VALUES (1)');
  const { url } = server;
  await server.restart();
  expect(server.url).toBe(url);
  expect(await refusalOf(run(before, 'SELECT A FROM T'))).toMatchObject({ code: 407002 });
  expect((await run(await open(), 'SELECT A FROM T')).rows).toEqual([{ A: 1 }]);
});

it('remembers session parameters of ALTER SESSION, and refuses one that does not exist', async () => {
  const { server, open } = await scene();
  const connection = await open();
  await run(connection, "ALTER SESSION SET TIMEZONE = 'UTC', QUERY_TAG = 'mine', AUTOCOMMIT = FALSE");
  await run(connection, 'SELECT 1');
  expect(server.statementsSeen().at(-1)?.tag).toBe('mine');
  await run(connection, 'SELECT 2', { parameters: { QUERY_TAG: 'for this one' } });
  expect(server.statementsSeen().at(-1)?.tag).toBe('for this one');
  expect(await refusalOf(run(connection, "ALTER SESSION SET NO_SUCH_THING = 'x'"))).toMatchObject({ code: '001006' });
});
