import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../helpers/wait-for.ts';
import { disconnect, refusalOf, run, type Connection } from './driver.ts';
import { scene, type Scene } from './scene.ts';

interface Two extends Scene {
  readonly one: Connection;
  readonly two: Connection;
}

/** Two sessions and a table T (ID, N) with rows 1 and 2, N = 0. */
async function twoSessions(options: Parameters<typeof scene>[0] = {}): Promise<Two> {
  const parts = await scene(options);
  const [one, two] = [await parts.open(), await parts.open()];
  await run(one, 'CREATE TABLE T (ID NUMBER, N NUMBER)');
  await run(one, 'INSERT INTO T VALUES (1, 0), (2, 0)');
  return { ...parts, one, two };
}

const numbers = async (connection: Connection): Promise<unknown[]> =>
  (await run(connection, 'SELECT N FROM T ORDER BY ID')).rows.map((row) => row['N']);

describe('isolation', () => {
  it('shows the rows of an open transaction to its own session only', async () => {
    const { one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    expect(await numbers(one)).toEqual([0, 0, 7]);
    expect(await numbers(two)).toEqual([0, 0]);
    await run(one, 'COMMIT');
    expect(await numbers(two)).toEqual([0, 0, 7]);
  });

  it('undoes everything at ROLLBACK', async () => {
    const { server, one } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    await run(one, 'UPDATE T SET N = 5 WHERE ID = 1');
    await run(one, 'ROLLBACK');
    expect(await numbers(one)).toEqual([0, 0]);
    expect(server.lockHolders()).toEqual([]);
  });

  it('reads what others have committed since the transaction began, with its own writes on top', async () => {
    const { one, two } = await twoSessions();
    await run(one, 'BEGIN');
    expect(await numbers(one)).toEqual([0, 0]);
    await run(one, 'UPDATE T SET N = 5 WHERE ID = 1');
    await run(one, 'INSERT INTO T VALUES (4, 40)');
    await run(two, 'INSERT INTO T VALUES (3, 30)');
    expect(await numbers(one)).toEqual([5, 0, 30, 40]);
    await run(one, 'DELETE FROM T WHERE ID = 2');
    await run(two, 'INSERT INTO T VALUES (5, 50)');
    await run(one, 'COMMIT');
    expect(await numbers(two)).toEqual([5, 30, 40, 50]);
  });

  it('ignores BEGIN inside an open transaction, and COMMIT without one', async () => {
    const { server, one } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    await run(one, 'BEGIN TRANSACTION');
    expect(server.openTransactions()).toHaveLength(1);
    await run(one, 'ROLLBACK');
    await run(one, 'COMMIT');
    expect(await numbers(one)).toEqual([0, 0]);
  });

  it('commits what is open before DDL', async () => {
    const { server, one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    await run(one, 'CREATE TABLE OTHER (A NUMBER)');
    expect(await numbers(two)).toEqual([0, 0, 7]);
    expect(server.openTransactions()).toEqual([]);
  });

  it('rolls back a failed statement alone, and goes on in the same transaction', async () => {
    const { one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 5 WHERE ID = 1');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    const failed = run(one, "INSERT INTO T SELECT 'no number' || ID, 1 FROM T");
    expect(await refusalOf(failed)).toMatchObject({ sqlState: expect.stringMatching(/^22/) });
    expect(await numbers(one)).toEqual([5, 0, 7]);
    await run(one, 'COMMIT');
    expect(await numbers(two)).toEqual([5, 0, 7]);
  });

  it('keeps everything open until COMMIT with AUTOCOMMIT off', async () => {
    const { one, two } = await twoSessions();
    await run(one, 'ALTER SESSION SET AUTOCOMMIT = FALSE');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    expect(await numbers(two)).toEqual([0, 0]);
    await run(one, 'COMMIT');
    expect(await numbers(two)).toEqual([0, 0, 7]);
  });
});

describe('locks', () => {
  it('lets inserts pass an open UPDATE, and an UPDATE wait for it and see its rows', async () => {
    const { server, one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = N + 1');
    expect(server.lockHolders()).toMatchObject([{ table: 'AISM.METRICS.T' }]);
    await run(two, 'INSERT INTO T VALUES (3, 7)');
    const waiting = run(two, 'UPDATE T SET N = N + 10 WHERE N = 1');
    await waitFor('the second update to wait', () => server.lockWaiters() === 1);
    await run(one, 'COMMIT');
    expect((await waiting).changedRows).toBe(2);
    expect(await numbers(one)).toEqual([11, 11, 7]);
  });

  it('re-evaluates a waiting UPDATE in a transaction that has read and written before', async () => {
    const { server, one, two } = await twoSessions();
    await run(two, 'CREATE TABLE OTHER (A NUMBER)');
    await run(two, 'BEGIN');
    expect(await numbers(two)).toEqual([0, 0]);
    await run(two, 'INSERT INTO OTHER VALUES (1)');
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 5 WHERE ID = 1');
    const waiting = run(two, 'UPDATE T SET N = 9 WHERE ID = 1 AND N = 0');
    await waitFor('the second update to wait', () => server.lockWaiters() === 1);
    await run(one, 'COMMIT');
    expect((await waiting).changedRows).toBe(0);
    await run(two, 'COMMIT');
    expect(await numbers(one)).toEqual([5, 0]);
    expect((await run(one, 'SELECT A FROM OTHER')).rows).toEqual([{ A: 1 }]);
  });

  it('lets a waiting UPDATE go by what it saw before, where that is asked for, and no other one', async () => {
    const { server, one, two } = await twoSessions({ looksAgain: false });
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 5 WHERE ID = 1');
    const waiting = run(two, 'UPDATE T SET N = N + 10 WHERE ID = 1 AND N = 0');
    await waitFor('the second update to wait', () => server.lockWaiters() === 1);
    await run(one, 'COMMIT');
    expect((await waiting).changedRows).toBe(1);
    expect(await numbers(one)).toEqual([15, 0]);
    expect((await run(two, 'UPDATE T SET N = 9 WHERE N = 1')).changedRows).toBe(0); // did not wait
  });

  it('gives up after LOCK_TIMEOUT with 000625, which names table and transaction', async () => {
    const { server, one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1');
    const [holder] = server.lockHolders();
    await run(two, 'ALTER SESSION SET LOCK_TIMEOUT = 1');
    const refusal = await refusalOf(run(two, 'UPDATE T SET N = 2'));
    expect(refusal).toMatchObject({ code: '000625', sqlState: '57014' });
    expect(refusal.message).toContain(
      `has locked table 'T' in transaction ${holder?.transaction} and this lock has not yet been released.`,
    );
    await run(one, 'COMMIT');
    expect(await numbers(two)).toEqual([1, 1]);
  });

  it('takes twenty waiters for a table and refuses the next with 000625', async () => {
    const { server, one, open } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1 WHERE ID = 1');
    const others = await Promise.all(Array.from({ length: 21 }, () => open()));
    const waiting = others.slice(0, 20).map((other) => run(other, 'UPDATE T SET N = N + 1 WHERE ID = 1'));
    await waitFor('twenty waiters', () => server.lockWaiters() === 20);
    const [last] = others.slice(20);
    const refusal = await refusalOf(last === undefined ? Promise.resolve() : run(last, 'UPDATE T SET N = 0'));
    expect(refusal).toMatchObject({ code: '000625' });
    expect(refusal.message).toContain('the number of waiters for this lock exceeds the 20 statements limit');
    await run(one, 'COMMIT');
    await Promise.all(waiting);
    expect(await numbers(one)).toEqual([21, 0]);
  });
});

describe('a client that dies in a transaction', () => {
  it('leaves its locks until the transaction has been idle too long and somebody waits for it', async () => {
    const { server, one, two } = await twoSessions({ detachedTransactionMs: 400 });
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1');
    await server.pause();
    await server.resume();
    expect(server.openTransactions()).toMatchObject([{ detached: true }]);
    await sleep(600); // idle for longer than that, but nobody waits
    expect(server.lockHolders()).toHaveLength(1);
    expect((await run(two, 'UPDATE T SET N = N + 10')).changedRows).toBe(2);
    expect(server.openTransactions()).toEqual([]);
    expect(await numbers(two)).toEqual([10, 10]);
  });

  it('and speaks again after all: what it sends then commits by itself', async () => {
    const { one, two } = await twoSessions({ detachedTransactionMs: 200 });
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1');
    await run(two, 'UPDATE T SET N = N + 10');
    await run(one, 'INSERT INTO T VALUES (3, 7)');
    expect(await numbers(two)).toEqual([10, 10, 7]);
  });

  it('can be ended by another session of the same user', async () => {
    const { server, one, two } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1');
    const [open] = server.openTransactions();
    await run(two, `SELECT SYSTEM$ABORT_TRANSACTION(${open?.id})`);
    expect(server.openTransactions()).toEqual([]);
    expect(await numbers(two)).toEqual([0, 0]);
  });

  it('gives up at logout at once', async () => {
    const { server, one } = await twoSessions();
    await run(one, 'BEGIN');
    await run(one, 'UPDATE T SET N = 1');
    await disconnect(one);
    expect(server.lockHolders()).toEqual([]);
  });
});

describe('many writers', () => {
  it('lose and double nothing: every UPDATE counts once, whatever the order', async () => {
    const { one, open } = await twoSessions();
    const writers = await Promise.all(Array.from({ length: 6 }, () => open()));
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let round = 0; round < 5; round += 1) {
          await run(writer, 'BEGIN');
          await run(writer, `INSERT INTO T VALUES (${100 + index * 10 + round}, 1)`);
          await run(writer, 'UPDATE T SET N = N + 1 WHERE ID = 1');
          await run(writer, round % 2 === 0 ? 'COMMIT' : 'ROLLBACK');
        }
      }),
    );
    expect((await run(one, 'SELECT N FROM T WHERE ID = 1')).rows).toEqual([{ N: 18 }]);
    expect((await run(one, 'SELECT COUNT(*) AS C FROM T')).rows).toEqual([{ C: 20 }]);
  });
});
