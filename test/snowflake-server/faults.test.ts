/**
 * What the driver makes of each fault, as SNOWFLAKE.md says: 401001 network, 401002 HTTP status, 407002 dead session, and its own repetitions.
 * The driver waits at least a second before it repeats, so the tests that need it are few.
 */
import { describe, expect, it } from 'vitest';
import { type Fault, type FaultRequest, randomFaults } from '../helpers/snowflake-server/faults.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { refusalOf, run, type Connection } from './driver.ts';
import { scene } from './scene.ts';

async function withTable(options: Parameters<typeof scene>[0] = {}) {
  const parts = await scene(options);
  const connection = await parts.open();
  await run(connection, 'CREATE TABLE T (I NUMBER)');
  return { ...parts, connection };
}

/** The first INSERT only. */
const firstInsert =
  (fault: Fault) =>
  ({ statement, attempt }: FaultRequest): Fault | null =>
    statement === 'INSERT' && attempt === 1 ? fault : null;

const countIn = async (connection: Connection): Promise<unknown> =>
  (await run(connection, 'SELECT COUNT(*) AS C FROM T')).rows[0]?.['C'];

describe('a lost answer', () => {
  it('makes the driver run the statement a second time', async () => {
    const { server, connection } = await withTable();
    server.setFaults(firstInsert({ kind: 'dropAfter' }));
    await run(connection, 'INSERT INTO T VALUES (1)');
    expect(await countIn(connection)).toBe(2);
    const inserts = server.statementsSeen().filter((seen) => seen.text.startsWith('INSERT'));
    expect(inserts.map((seen) => seen.attempt)).toEqual([1, 2]);
    expect(new Set(inserts.map((seen) => seen.requestId)).size).toBe(1);
  });

  it('runs it once where request ids are recognised again', async () => {
    const { server, connection } = await withTable({ deduplicate: true });
    server.setFaults(firstInsert({ kind: 'dropAfter' }));
    expect((await run(connection, 'INSERT INTO T VALUES (1)')).changedRows).toBe(1);
    expect(await countIn(connection)).toBe(1);
  });

  it('behind a gateway that says 503 is the same', async () => {
    const { server, connection } = await withTable();
    server.setFaults(firstInsert({ kind: 'status', status: 503, executed: true }));
    await run(connection, 'INSERT INTO T VALUES (1)');
    expect(await countIn(connection)).toBe(2);
  });

  it('loses nothing when the caller does not repeat: it was executed exactly once', async () => {
    const { server, connection } = await withTable();
    server.setFaults(({ statement, attempt }) => {
      if (statement !== 'INSERT') return null;
      return attempt === 1 ? { kind: 'dropAfter' } : { kind: 'status', status: 400 };
    });
    expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (1)'))).toMatchObject({ code: 401002 });
    expect(await countIn(connection)).toBe(1);
  });
});

it('a lost request is repeated and runs once', async () => {
  const { server, connection } = await withTable();
  server.setFaults(firstInsert({ kind: 'dropBefore' }));
  await run(connection, 'INSERT INTO T VALUES (1)');
  expect(await countIn(connection)).toBe(1);
});

it.each([503, 429])('status %i is repeated and runs once', async (status) => {
  const { server, connection } = await withTable();
  server.setFaults(firstInsert({ kind: 'status', status }));
  await run(connection, 'INSERT INTO T VALUES (1)');
  expect(await countIn(connection)).toBe(1);
});

it('status 400 is 401002 at once', async () => {
  const { server, connection } = await withTable();
  server.setFaults(firstInsert({ kind: 'status', status: 400 }));
  expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (1)'))).toMatchObject({ code: 401002 });
});

it('a refusal by Snowflake keeps its code, state and words', async () => {
  const { server, connection } = await withTable();
  server.setFaults(firstInsert({ kind: 'refuse', code: '000625', sqlState: '57014', message: 'locked' }));
  expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (1)'))).toEqual({
    code: '000625',
    sqlState: '57014',
    message: 'locked',
  });
});

it.each([
  ['text/html', undefined], // the driver takes it for a refusal without code and words
  ['application/json', 401001],
])('a web page that says it is %s is an error with code %s, and nothing was executed', async (contentType, code) => {
  const { server, connection } = await withTable();
  server.setFaults(({ statement }) => (statement === 'INSERT' ? { kind: 'wrongJson', contentType } : null));
  expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (1)'))).toMatchObject({ code });
  expect(await countIn(connection)).toBe(0);
});

it('a black hole holds the driver until its own time-out, then the repetition runs', async () => {
  const { server, standard, open } = await scene();
  const connection = await open('SNOWFLAKE', { timeout: 500 });
  await run(connection, 'CREATE TABLE T (I NUMBER)');
  server.setFaults(firstInsert({ kind: 'blackHole' }));
  await run(connection, 'INSERT INTO T VALUES (1)');
  expect(await countIn(connection)).toBe(1);
  expect(standard.profile.accessUrl).toBe(server.url);
});

it('a session that is lost takes its transaction along', async () => {
  const { server, connection, open } = await withTable();
  await run(connection, 'BEGIN');
  await run(connection, 'UPDATE T SET I = 1');
  server.setFaults(firstInsert({ kind: 'loseSession' }));
  expect(await refusalOf(run(connection, 'INSERT INTO T VALUES (1)'))).toMatchObject({ code: 407002 });
  expect(server.openTransactions()).toEqual([]);
  expect(await countIn(await open())).toBe(0);
});

it('a statement that its caller gave up lands later, on a session without its transaction, and commits by itself', async () => {
  const { server, connection, open } = await withTable({ detachedTransactionMs: 100 });
  await run(connection, 'INSERT INTO T VALUES (0)');
  let refused = false;
  server.setFaults(({ kind, statement, attempt }) => {
    if (kind === 'logout') return { kind: 'dropBefore' };
    if (statement !== 'INSERT' || attempt > 1) return null;
    refused = true;
    return { kind: 'status', status: 503 };
  });
  await run(connection, 'BEGIN');
  await run(connection, 'UPDATE T SET I = 1 WHERE I = 0');
  const zombie = run(connection, 'INSERT INTO T VALUES (7)');
  await waitFor('the 503', () => refused);
  connection.destroy(() => undefined);
  const next = await open();
  await run(next, 'BEGIN');
  expect((await run(next, 'UPDATE T SET I = 1 WHERE I = 0')).changedRows).toBe(1);
  server.setFaults(null);
  await run(next, 'INSERT INTO T VALUES (7)');
  await run(next, 'COMMIT');
  expect((await zombie).changedRows).toBe(1);
  expect((await server.rows('SELECT I FROM T ORDER BY I')).map((row) => row['I'])).toEqual([1, 7, 7]);
});

describe('a closed port', () => {
  it('fails a login with 401001, and lets the next one in when it is open again', async () => {
    const { server, open } = await scene();
    await server.pause();
    expect(await refusalOf(open())).toMatchObject({ code: 401001 });
    await server.resume();
    expect((await open()).isUp()).toBe(true);
  });

  it('holds a statement until it is open again; the session goes on', async () => {
    const { server, connection } = await withTable();
    await run(connection, 'BEGIN');
    await run(connection, 'INSERT INTO T VALUES (1)');
    await server.pause();
    const work = run(connection, 'COMMIT');
    setTimeout(() => void server.resume(), 300);
    await work;
    expect(await countIn(connection)).toBe(1);
  });
});

describe('random faults', () => {
  const requests: readonly FaultRequest[] = Array.from({ length: 500 }, (_, index) => ({
    kind: index % 5 === 0 ? 'heartbeat' : 'query',
    statement: 'INSERT',
    sqlText: 'INSERT INTO T VALUES (1)',
    attempt: 1,
    requestId: `${index}`,
    sessionId: 1,
  }));
  const faultsOf = (seed: number): readonly (Fault | null)[] => requests.map(randomFaults(seed));

  it('are the same for the same seed, others for another, about as often as asked, and spare other requests', () => {
    expect(faultsOf(7)).toEqual(faultsOf(7));
    expect(faultsOf(7)).not.toEqual(faultsOf(8));
    const lost = faultsOf(7).filter((fault) => fault?.kind === 'dropAfter');
    expect(lost.length).toBeGreaterThan(15);
    expect(lost.length).toBeLessThan(75);
    expect(faultsOf(7).filter((fault, index) => fault !== null && requests[index]?.kind === 'heartbeat')).toEqual([]);
  });

  it('leave the server consistent: what is committed is there, and no lock is left behind', async () => {
    const { server, open } = await scene({ detachedTransactionMs: 300 });
    const setUp = await open();
    await run(setUp, 'CREATE TABLE T (I NUMBER)');
    server.setFaults(randomFaults(11, { dropAfter: 0.2, loseSession: 0.2 }, ['query']));
    let answered = 0;
    for (let round = 0; round < 8; round += 1) {
      const connection = await open();
      const work = run(connection, 'BEGIN')
        .then(() => run(connection, 'INSERT INTO T VALUES (1)'))
        .then(() => run(connection, 'COMMIT'));
      await work.then(
        () => (answered += 1),
        () => undefined,
      );
    }
    server.setFaults(null);
    const rows = await server.rows('SELECT COUNT(*) AS C FROM T');
    expect(Number(rows[0]?.['C'])).toBeGreaterThanOrEqual(answered);
    await run(await open(), 'UPDATE T SET I = 2');
    await waitFor('no lock', () => server.lockHolders().length === 0);
  }, 60_000);
});
