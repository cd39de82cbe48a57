/** The pool over real sessions on the stand-in: what it opens, keeps, throws away and refuses. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession, type DriverSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { SessionPool, type PoolOptions } from '../../../../gateway/warehouse/snowflake/session-pool.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { faultOf, StandIn } from './stand-in-kit.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(() => standIn.stop());

const pools: SessionPool[] = [];
let loginsBefore = 0;
beforeEach(() => {
  loginsBefore = standIn.server.logins().length;
});
afterEach(async () => {
  standIn.server.setFaults(null);
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolWith(options: Partial<PoolOptions> = {}): SessionPool {
  const pool = new SessionPool({ open: () => openSession(standIn.access()), ...options });
  pools.push(pool);
  return pool;
}
const logins = () => standIn.server.logins().length - loginsBefore;
const open = () => standIn.server.openSessions().length;
const ask = (session: DriverSession) => session.execute({ sql: 'SELECT 1 AS one', tag: 'test' });

/** Work that holds its session until it is let go. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, letGo: () => resolve() };
}

describe('a pool', () => {
  it('connects with the first question only, and uses the session again', async () => {
    const pool = poolWith();
    expect(logins()).toBe(0);
    for (let n = 0; n < 3; n += 1) await pool.use(ask);
    expect(logins()).toBe(1);
    expect(pool.size).toBe(1);
  });

  it('holds at most its number of sessions, however many ask', async () => {
    const pool = poolWith({ maxSessions: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => pool.use(ask)));
    expect(answers).toHaveLength(12);
    expect(logins()).toBeLessThanOrEqual(2);
  });

  it('refuses who would wait behind too many others', async () => {
    const pool = poolWith({ maxSessions: 1, maxWaiting: 1 });
    const first = held();
    const running = [pool.use(first.work), pool.use(ask)];
    const fault = await faultOf(pool.use(ask));
    expect([fault.kind, fault.message]).toEqual(['throttled', 'Too many questions wait for Snowflake']);
    first.letGo();
    await Promise.all(running);
  });

  it('lets a question go that is cancelled while it waits, and serves the next', async () => {
    const pool = poolWith({ maxSessions: 1 });
    const first = held();
    const running = pool.use(first.work);
    const caller = new AbortController();
    const waiting = faultOf(pool.use(ask, caller.signal));
    const next = pool.use(ask);
    caller.abort();
    expect((await waiting).kind).toBe('cancelled');
    first.letGo();
    await running;
    expect((await next).rows).toHaveLength(1);
  });

  it('never uses a session again that failed its borrower', async () => {
    const pool = poolWith();
    await pool.use(ask);
    const wrong = (session: DriverSession) => session.execute({ sql: 'SELECT x FROM nowhere', tag: 'test' });
    await faultOf(pool.use(wrong));
    await pool.use(ask);
    expect(logins()).toBe(2);
  });

  it('never hands out a session that ended while it rested', async () => {
    const pool = poolWith({ checkAfterMs: 0 });
    await pool.use(ask);
    standIn.server.setFaults(({ kind }) => (kind === 'heartbeat' ? { kind: 'loseSession' } : null));
    expect((await pool.use(ask)).rows).toEqual([{ one: 1 }]);
    expect(logins()).toBe(2);
    await waitFor('the lost session to be thrown away', () => pool.size === 1);
  });

  it('closes sessions that rest for long, without being asked', async () => {
    const before = open();
    const pool = poolWith({ closeAfterMs: 50 });
    await pool.use(ask);
    expect(pool.size).toBe(1);
    await waitFor('the session to be closed', () => pool.size === 0 && open() === before);
  });

  it('repeats a refused login for nobody, so that the user is not locked out', async () => {
    const wrong = standIn.access({}, { password: 'wrong' }, 'SNOWFLAKE');
    const pool = poolWith({ open: () => openSession(wrong) });
    const faults = await Promise.all(Array.from({ length: 8 }, () => faultOf(pool.use(ask))));
    expect(faults.map((fault) => fault.kind)).toEqual(Array.from({ length: 8 }, () => 'login'));
    expect(logins()).toBe(1);
  });

  it('tries a login that failed for the network again after a moment', async () => {
    const pool = poolWith({ failedLoginPauseMs: 20 });
    standIn.server.setFaults(({ kind }) => (kind === 'login' ? { kind: 'dropBefore' } : null));
    expect((await faultOf(pool.use(ask))).kind).toBe('network');
    standIn.server.setFaults(null);
    await waitFor('the network to be tried again', async () => (await pool.use(ask)).rows.length === 1);
  });

  it('ends its sessions when it is closed, running ones included, and refuses questions from then on', async () => {
    const before = open();
    const pool = poolWith({ maxSessions: 1 });
    standIn.server.setFaults(({ sqlText }) =>
      sqlText?.includes('long one') === true ? { kind: 'delay', ms: 20_000 } : null,
    );
    const running = faultOf(pool.use((session) => session.execute({ sql: "SELECT 'long one'", tag: 'test' })));
    const waiting = faultOf(pool.use(ask));
    await waitFor('the statement', () => standIn.server.statementsSeen().some(({ text }) => text.includes('long one')));
    await pool.close();
    expect((await running).kind).toBe('cancelled');
    expect((await waiting).kind).toBe('session');
    expect((await faultOf(pool.use(ask))).kind).toBe('session');
    expect(open()).toBe(before);
  });
});
