import { describe, expect, it } from 'vitest';
import { waitFor } from '../helpers/wait-for.ts';
import { refusalOf, run, type Connection } from './driver.ts';
import { scene } from './scene.ts';

async function withTable(options: Parameters<typeof scene>[0] = {}) {
  const parts = await scene(options);
  const connection = await parts.open();
  await run(connection, 'CREATE TABLE T (I NUMBER)');
  return { ...parts, connection };
}

const countIn = async (connection: Connection): Promise<unknown> =>
  (await run(connection, 'SELECT COUNT(*) AS C FROM T')).rows[0]?.['C'];

it('hands a slow statement out by its id until it is done', async () => {
  const { server, connection } = await withTable({ slowQueryMs: 50 });
  server.setFaults(({ statement }) => (statement === 'INSERT' ? { kind: 'delay', ms: 400 } : null));
  const { changedRows } = await run(connection, 'INSERT INTO T VALUES (1)');
  expect(changedRows).toBe(1);
  expect(server.statementsSeen().filter((seen) => seen.text.startsWith('INSERT'))).toHaveLength(1);
});

it('starts a statement without waiting for it when asked, and tells how it fares', async () => {
  const { connection } = await withTable();
  const queryId = await new Promise<string>((resolve, reject) => {
    connection.execute({
      sqlText: "SELECT SYSTEM$WAIT(200, 'MILLISECONDS')",
      asyncExec: true,
      complete: (error, statement) => (error ? reject(error) : resolve(statement.getQueryId())),
    });
  });
  expect(await connection.getQueryStatus(queryId)).toBe('RUNNING');
  await waitFor('the query', async () => (await connection.getQueryStatus(queryId)) === 'SUCCESS');
});

describe('a cancelled statement', () => {
  it('ends with 000604 and leaves nothing', async () => {
    const { server, connection } = await withTable();
    server.setFaults(({ statement }) => (statement === 'INSERT' ? { kind: 'delay', ms: 10_000 } : null));
    const work = run(connection, 'INSERT INTO T VALUES (1)', {
      started: (statement) => setTimeout(() => statement.cancel(() => undefined), 150),
    });
    expect(await refusalOf(work)).toMatchObject({ code: '000604', message: 'SQL execution canceled' });
    expect(server.statementsSeen().at(-1)).toMatchObject({ status: 'ABORTED', errorCode: '000604' });
    expect(await countIn(connection)).toBe(0);
  });

  it('stops waiting for a lock', async () => {
    const { server, connection, open } = await withTable();
    await run(connection, 'BEGIN');
    await run(connection, 'UPDATE T SET I = 1');
    const other = await open();
    const work = run(other, 'UPDATE T SET I = 2', {
      started: (statement) => void waitFor('the lock', () => server.lockWaiters() === 1).then(() => statement.cancel()),
    });
    expect(await refusalOf(work)).toMatchObject({ code: '000604' });
    expect(server.lockWaiters()).toBe(0);
  });

  it('stops in the middle of its computation', async () => {
    const { server, connection } = await withTable();
    await run(connection, 'INSERT INTO T VALUES (?)', { binds: Array.from({ length: 1_000 }, (_, index) => [index]) });
    const heavy =
      'SELECT COUNT(*) AS C FROM T A CROSS JOIN T B CROSS JOIN T C CROSS JOIN T D WHERE A.I * B.I > C.I * D.I';
    const work = run(connection, heavy, {
      started: (statement) => setTimeout(() => statement.cancel(() => undefined), 300),
    });
    expect(await refusalOf(work)).toMatchObject({ code: '000604' });
    expect(server.openTransactions()).toEqual([]);
  });
});

it('ends a statement at STATEMENT_TIMEOUT_IN_SECONDS with 000630', async () => {
  const { connection } = await withTable();
  await run(connection, 'ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1');
  const refusal = await refusalOf(run(connection, 'SELECT SYSTEM$WAIT(20)'));
  expect(refusal).toMatchObject({ code: '000630', sqlState: '57014' });
  expect(refusal.message).toContain('timeout of 1 second(s)');
});

it('ends a statement whose client is gone when the session asks for that', async () => {
  const { server, open } = await withTable({ detachedQueryMs: 100 });
  const patient = await open('SNOWFLAKE', { timeout: 300 });
  await run(patient, 'ALTER SESSION SET ABORT_DETACHED_QUERY = TRUE');
  server.setFaults(({ statement, attempt }) => {
    if (statement !== 'INSERT') return null;
    return attempt === 1
      ? { kind: 'delay', ms: 20_000 }
      : { kind: 'refuse', code: '000001', sqlState: '00000', message: 'no' };
  });
  await refusalOf(run(patient, 'INSERT INTO T VALUES (1)'));
  const aborted = await waitFor('the abort', () => server.statementsSeen().find((seen) => seen.status === 'ABORTED'));
  expect(aborted.errorCode).toBe('000604');
});

describe('several statements in one request', () => {
  it('need MULTI_STATEMENT_COUNT, else 000008', async () => {
    const { connection } = await withTable();
    const sqlText = 'INSERT INTO T VALUES (1); INSERT INTO T VALUES (2)';
    const refusal = await refusalOf(run(connection, sqlText));
    expect(refusal).toMatchObject({ code: '000008', sqlState: '0A000' });
    expect(refusal.message).toBe('Actual statement count 2 did not match the desired statement count 1.');
    expect(await countIn(connection)).toBe(0);
  });

  it('each have a result of their own', async () => {
    const { connection } = await withTable();
    const results: unknown[][] = [];
    await new Promise<void>((resolve, reject) => {
      connection.execute({
        sqlText: 'INSERT INTO T VALUES (1); SELECT I FROM T; SELECT COUNT(*) AS C FROM T',
        parameters: { MULTI_STATEMENT_COUNT: 3 },
        complete: (error, statement, rows) => {
          if (error) return reject(error);
          results.push(rows ?? []);
          if ('hasNext' in statement && statement.hasNext()) statement.NextResult();
          else resolve();
        },
      });
    });
    expect(results).toEqual([[{ 'number of rows inserted': 1 }], [{ I: 1 }], [{ C: 1 }]]);
  });
});

it('runs a procedure as one statement: its own transaction, and none left open', async () => {
  const { server, connection } = await withTable();
  await run(
    connection,
    `CREATE PROCEDURE ADD_ONE(V NUMBER) RETURNS VARCHAR LANGUAGE SQL AS $$
     BEGIN
       BEGIN TRANSACTION;
       INSERT INTO T SELECT :V;
       COMMIT;
       RETURN 'added';
     END $$`,
  );
  expect((await run(connection, 'CALL ADD_ONE(?)', { binds: [7] })).rows).toEqual([{ ADD_ONE: 'added' }]);
  expect((await run(connection, 'SELECT I FROM T')).rows).toEqual([{ I: 7 }]);
  expect(server.openTransactions()).toEqual([]);
  await run(connection, 'BEGIN');
  await run(connection, 'CALL ADD_ONE(8)');
  await run(connection, 'ROLLBACK');
  expect(await countIn(connection)).toBe(2);
});

it('rolls back a transaction that a procedure leaves open, and says so', async () => {
  const { connection } = await withTable();
  await run(
    connection,
    `CREATE PROCEDURE LEFT_OPEN() RETURNS VARCHAR LANGUAGE SQL AS $$
     BEGIN
       BEGIN TRANSACTION;
       INSERT INTO T SELECT 1;
       RETURN 'done';
     END $$`,
  );
  const refusal = await refusalOf(run(connection, 'CALL LEFT_OPEN()'));
  expect(refusal.message).toContain('Scoped transaction started in stored procedure is incomplete');
  expect(await countIn(connection)).toBe(0);
});
