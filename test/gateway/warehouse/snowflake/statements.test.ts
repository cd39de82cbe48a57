/**
 * Statements over the real driver. The contract under test: a statement is sent once, ends at our deadline or signal, is then cancelled in
 * Snowflake too, and a session whose state nobody knows is down. Observed from the server: what it saw, how often, and in which session.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { faultOf, StandIn, watched } from './stand-in-kit.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start({ inlineRows: 100, rowsPerChunk: 300 });
});
afterEach(() => standIn.tidy());
afterAll(() => standIn.stop());

const tag = 'test';
const select = (marker: string) => ({ sql: `SELECT '${marker}' AS marker`, tag });
const seenWith = (marker: string) => standIn.server.statementsSeen().filter(({ text }) => text.includes(marker));

/** The fault for statements that carry the marker. */
function breakStatement(marker: string, fault: Fault) {
  const watch = watched(({ sqlText }) => (sqlText?.includes(marker) === true ? fault : null));
  standIn.server.setFaults(watch.policy);
  return () => watch.seen.filter(({ sqlText }) => sqlText?.includes(marker) === true).length;
}

describe('a result', () => {
  it('has plain values under lower-case names', async () => {
    const session = await standIn.open();
    const { rows, changedRows, queryId } = await session.execute({
      sql: `SELECT ? AS text, ?::NUMBER(38,0) AS whole, 12.345678901::NUMBER(18,9) AS money, 0.1::FLOAT AS real,
        TRUE AS flag, NULL::VARCHAR AS nothing, PARSE_JSON('{"a":[1,"x"]}') AS json`,
      binds: ["it's ☃", 9_007_199_254_740_991],
      tag,
    });
    const [row] = rows;
    expect(row).toMatchObject({
      text: "it's ☃",
      whole: 9_007_199_254_740_991,
      money: 12.345_678_901,
      real: 0.1,
      flag: true,
      nothing: null,
    });
    expect(JSON.parse(String(row?.['json']))).toEqual({ a: [1, 'x'] });
    expect(changedRows).toBeNull();
    expect(queryId).not.toBeNull();
  });

  it('in many chunks comes whole and in order', async () => {
    const session = await standIn.open();
    const { rows } = await session.execute({
      sql: 'SELECT f.value::NUMBER(38,0) AS n FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f ORDER BY n',
      binds: [JSON.stringify(Array.from({ length: 1_000 }, (_, n) => n))],
      tag,
    });
    expect(rows.map((row) => row['n'])).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it('of a change says how many rows changed', async () => {
    const session = await standIn.open();
    await session.execute({ sql: 'CREATE TABLE IF NOT EXISTS changes (n NUMBER(38,0))', tag });
    const inserted = await session.execute({ sql: 'INSERT INTO changes (n) SELECT 1 UNION ALL SELECT 2', tag });
    const updated = await session.execute({ sql: 'UPDATE changes SET n = 9 WHERE n = 2', tag });
    expect([inserted.changedRows, updated.changedRows]).toEqual([2, 1]);
  });

  it('that takes longer than one answer may is fetched', async () => {
    standIn.server.configure({ slowQueryMs: 50 });
    breakStatement('patience', { kind: 'delay', ms: 250 });
    const session = await standIn.open();
    expect((await session.execute(select('patience'))).rows).toEqual([{ marker: 'patience' }]);
    standIn.server.configure({ slowQueryMs: 45_000 });
  });
});

describe('a statement', () => {
  it('carries its own tag', async () => {
    const session = await standIn.open();
    await session.execute({ ...select('tagged'), tag: '{"app":"x","purpose":"usage"}' });
    expect(seenWith('tagged').map((seen) => seen.tag)).toEqual(['{"app":"x","purpose":"usage"}']);
  });

  it('that Snowflake refuses is sent once and leaves the session up', async () => {
    const session = await standIn.open();
    const fault = await faultOf(session.execute({ sql: 'SELECT nonsense_column FROM nowhere_table', tag }));
    expect(fault.kind).toBe('table');
    expect(seenWith('nonsense_column')).toHaveLength(1);
    expect(session.isUp()).toBe(true);
    expect((await session.execute(select('after refusal'))).rows).toHaveLength(1);
  });

  it.each([
    ['its answer is lost', { kind: 'dropAfter' }, 'network'],
    ['its connection breaks', { kind: 'dropBefore' }, 'network'],
    ['a proxy answers 502', { kind: 'status', status: 502 }, 'network'],
    ['Snowflake is busy', { kind: 'status', status: 503 }, 'throttled'],
    ['Snowflake throttles', { kind: 'status', status: 429 }, 'throttled'],
    ['its session is lost', { kind: 'loseSession' }, 'session'],
    ['its session cannot be renewed', { kind: 'expireMaster' }, 'session'],
    ['its session is unknown to a gateway', { kind: 'sessionError', code: '390104', status: 401 }, 'session'],
  ] satisfies readonly (readonly [string, Fault, string])[])(
    'is sent once when %s, and the session is down',
    async (marker, fault, kind) => {
      const session = await standIn.open();
      const timesSent = breakStatement(marker, fault);
      expect((await faultOf(session.execute(select(marker)))).kind).toBe(kind);
      expect(session.isUp()).toBe(false);
      expect((await faultOf(session.execute(select('too late')))).kind).toBe('session');
      await session.close();
      expect(timesSent()).toBe(1);
      expect(seenWith('too late')).toHaveLength(0);
    },
  );

  it('goes on when only the session token has expired', async () => {
    const session = await standIn.open();
    let expired = false;
    standIn.server.setFaults(({ sqlText }) => {
      if (expired || sqlText?.includes('renewed') !== true) return null;
      expired = true;
      return { kind: 'expireSession' };
    });
    expect((await session.execute(select('renewed'))).rows).toEqual([{ marker: 'renewed' }]);
    expect(session.isUp()).toBe(true);
  });
});

describe('a statement that is given up', () => {
  it('at its deadline is cancelled in Snowflake, and the session is down', async () => {
    const session = await standIn.open();
    breakStatement('slow one', { kind: 'delay', ms: 20_000 });
    const fault = await faultOf(session.execute({ ...select('slow one'), timeoutMs: 200 }));
    expect([fault.kind, fault.message]).toEqual(['timeout', 'Snowflake did not finish the statement within 0.2 s']);
    expect(session.isUp()).toBe(false);
    await waitFor('the end of the statement', () => seenWith('slow one')[0]?.status !== 'RUNNING');
    expect(seenWith('slow one')[0]?.errorCode).toBe('000604');
  });

  it('by its caller is cancelled in Snowflake', async () => {
    const session = await standIn.open();
    breakStatement('unwanted', { kind: 'delay', ms: 20_000 });
    const caller = new AbortController();
    const work = faultOf(session.execute({ ...select('unwanted'), signal: caller.signal }));
    await waitFor('the statement', () => seenWith('unwanted').length === 1);
    caller.abort();
    expect((await work).kind).toBe('cancelled');
    await waitFor('its end', () => seenWith('unwanted')[0]?.status !== 'RUNNING');
    expect(seenWith('unwanted')[0]?.errorCode).toBe('000604');
  });

  it('before it began is not sent', async () => {
    const session = await standIn.open();
    const fault = await faultOf(session.execute({ ...select('never'), signal: AbortSignal.abort() }));
    expect(fault.kind).toBe('cancelled');
    expect(seenWith('never')).toHaveLength(0);
  });

  it('in a black hole ends at our deadline and is never sent again', async () => {
    const session = await standIn.open();
    const timesSent = breakStatement('swallowed', { kind: 'blackHole' });
    const started = performance.now();
    expect((await faultOf(session.execute({ ...select('swallowed'), timeoutMs: 300 }))).kind).toBe('timeout');
    await session.close();
    expect(performance.now() - started).toBeLessThan(10_000);
    standIn.server.setFaults(null);
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // the driver's own first repetition came after a second
    expect(timesSent()).toBe(1);
    expect(seenWith('swallowed')).toHaveLength(0);
  });
});

describe('closing', () => {
  it('ends the session in Snowflake', async () => {
    const before = standIn.server.openSessions().length;
    const session = await standIn.open();
    expect(standIn.server.openSessions()).toHaveLength(before + 1);
    await session.close();
    expect(standIn.server.openSessions()).toHaveLength(before);
    expect(session.isUp()).toBe(false);
    expect(await session.isAlive()).toBe(false);
  });

  it('ends a running statement', async () => {
    const session = await standIn.open();
    breakStatement('interrupted', { kind: 'delay', ms: 20_000 });
    const work = faultOf(session.execute(select('interrupted')));
    await waitFor('the statement', () => seenWith('interrupted').length === 1);
    await session.close();
    expect((await work).kind).toBe('cancelled');
  });

  it('never throws and never waits long, even when nobody answers', async () => {
    const session = await standIn.open();
    standIn.server.setFaults(() => ({ kind: 'blackHole' }));
    const started = performance.now();
    await session.close();
    await session.close();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('a heartbeat tells a session that was lost while it rested', async () => {
    const session = await standIn.open();
    standIn.server.setFaults(({ kind }) => (kind === 'heartbeat' ? { kind: 'loseSession' } : null));
    expect(session.isUp()).toBe(true);
    expect(await session.isAlive()).toBe(false);
    expect(session.isUp()).toBe(false);
  });
});
