/** What can go wrong between a batch and its answer, at every statement of both protocols. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { startRepeatingProxy, type RepeatingProxy } from '../../../helpers/snowflake-repeating-proxy.ts';
import { unguardedLoader } from '../../../helpers/snowflake-unguarded-loader.ts';
import { expectExactlyOnce, faultAt, persist, quick, rowsOf, streamSeqs } from './persistent-kit.ts';
import {
  accessOf,
  deliverFrom,
  destinationOf,
  setUp,
  startSnowflake,
  type TestDestination,
  type TestSnowflake,
} from './snowflake-kit.ts';

const statementsOf = { procedure: ['CALL'], guarded: ['BEGIN', 'UPDATE', 'INSERT', 'COMMIT'] } as const;

let streams = 0;
let streamId: string;
let snowflake: TestSnowflake;
let destination: TestDestination;
beforeEach(() => {
  streamId = `install:${(streams += 1)}`;
});

describe.each(['procedure', 'guarded'] as const)('the %s protocol', (protocol) => {
  beforeAll(async () => {
    snowflake = await startSnowflake({ detachedTransactionMs: 300 });
    await setUp(snowflake, protocol);
  }, 30_000);
  afterAll(() => snowflake.stop());
  beforeEach(async () => {
    destination = destinationOf(snowflake.access, quick);
    await destination.readCursor(streamId);
  });
  afterEach(async () => {
    snowflake.server.setFaults(null);
    await destination.close();
  });

  const faults: readonly (readonly [string, Fault])[] = [
    ['is lost on its way', { kind: 'dropBefore' }],
    ['is executed and its answer lost', { kind: 'dropAfter' }],
    ['gets 503', { kind: 'status', status: 503 }],
    ['is executed and gets 502', { kind: 'status', status: 502, executed: true }],
    ['gets 429', { kind: 'status', status: 429 }],
    ['finds its session gone', { kind: 'loseSession' }],
    ['finds its tokens expired', { kind: 'expireMaster' }],
    ['gets 390111', { kind: 'sessionError', code: '390111' }],
    ['gets 390104 as HTTP 401', { kind: 'sessionError', code: '390104', status: 401 }],
    ['gets a page of a captive portal', { kind: 'wrongJson', contentType: 'text/html' }],
    [
      'is cancelled by an administrator',
      { kind: 'refuse', code: '000604', sqlState: '57014', message: 'SQL execution canceled' },
    ],
    [
      'meets an internal error',
      { kind: 'refuse', code: '000603', sqlState: 'XX000', message: 'SQL execution internal error' },
    ],
  ];
  describe.each(statementsOf[protocol])('when %s', (statement) => {
    it.each(faults)('%s, stores each row once and asks nobody for anything', async (_, fault) => {
      snowflake.server.setFaults(faultAt(statement, fault));
      const { attempts, faults: seen } = await persist(destination, streamId);
      expect(attempts).toBeGreaterThan(1);
      expect(seen.map((one) => one.kind)).toEqual(['offline']);
      await expectExactlyOnce(snowflake, streamId);
    });

    it('gets no answer at all, gives up by its own clock and stores each row once', async () => {
      await destination.close();
      destination = destinationOf(snowflake.access, { ...quick, statementTimeoutMs: 400 });
      snowflake.server.setFaults(faultAt(statement, { kind: 'blackHole' }));
      const { faults: seen } = await persist(destination, streamId);
      expect(seen.map((one) => one.kind)).toEqual(['offline']);
      await expectExactlyOnce(snowflake, streamId);
    });

    it('waited for a lock too long, says so and stores each row once', async () => {
      const locked = {
        kind: 'refuse',
        code: '000625',
        sqlState: '57014',
        message: "Statement 'x' has locked table",
      } as const;
      snowflake.server.setFaults(faultAt(statement, locked));
      const { faults: seen } = await persist(destination, streamId);
      expect(seen).toMatchObject([{ kind: 'lock', action: null }]);
      await expectExactlyOnce(snowflake, streamId);
    });

    it('has an expired session token, which the driver renews, and stores each row once', async () => {
      snowflake.server.setFaults(faultAt(statement, { kind: 'expireSession' }));
      await persist(destination, streamId);
      await expectExactlyOnce(snowflake, streamId);
    });
  });

  it('does not wait for the answer to a statement that goes nowhere before it closes', async () => {
    snowflake.server.setFaults((request) => (request.kind === 'logout' ? { kind: 'blackHole' } : null));
    await persist(destination, streamId);
    const startedAtMs = performance.now();
    await destination.close();
    expect(performance.now() - startedAtMs).toBeLessThan(8_000);
  });

  describe('behind something that sends statements again', () => {
    let proxy: RepeatingProxy;
    beforeEach(async () => {
      proxy = await startRepeatingProxy(snowflake.server.url);
      await destination.close();
      destination = destinationOf(accessOf(snowflake.standard, { accessUrl: proxy.url }), quick);
    });
    afterEach(async () => {
      await proxy.stop();
    });

    it.each(statementsOf[protocol])(
      'stores each row once when %s is sent twice and the first answer is lost',
      async (statement) => {
        let left = 2;
        proxy.setPolicy((sent) => (sent === statement && left-- > 0 ? { kind: 'again' } : null));
        await persist(destination, streamId);
        expect(proxy.repeated()).toBeGreaterThan(0);
        await expectExactlyOnce(snowflake, streamId);
      },
    );

    it.each(statementsOf[protocol])(
      'takes %s that arrives late, on a session that still lives, for nothing',
      async (statement) => {
        // The session is neither ended nor are its statements cancelled: a lost client, as the server sees it.
        snowflake.server.setFaults(({ kind }) =>
          kind === 'logout' || kind === 'abort' ? { kind: 'dropBefore' } : null,
        );
        let done = false;
        proxy.setPolicy((sent) => {
          if (done || sent !== statement) return null;
          done = true;
          return { kind: 'late', afterMs: [600, 1_500] };
        });
        await persist(destination, streamId);
        await proxy.quiet();
        expect(proxy.repeated()).toBe(1);
        await expectExactlyOnce(snowflake, streamId);
        const more = rowsOf(streamId, 35);
        await deliverFrom(destination, more);
        expect(await streamSeqs(snowflake, streamId)).toEqual(more.map((row) => row.seq));
      },
    );
  });
});

describe('the same without the guard', () => {
  beforeAll(async () => {
    snowflake = await startSnowflake({ detachedTransactionMs: 300 });
    await setUp(snowflake, 'guarded');
  }, 30_000);
  afterAll(() => snowflake.stop());

  it.each([
    ['is sent twice and the first answer is lost', { kind: 'again' }],
    ['arrives late', { kind: 'late', afterMs: [600, 1_500] }],
  ] as const)('doubles rows when an INSERT %s: the tests above would notice', async (_, repetition) => {
    const proxy = await startRepeatingProxy(snowflake.server.url);
    const access = accessOf(snowflake.standard, { accessUrl: proxy.url });
    destination = destinationOf(access, { ...quick, withoutProcedure: unguardedLoader });
    snowflake.server.setFaults(({ kind }) => (kind === 'logout' || kind === 'abort' ? { kind: 'dropBefore' } : null));
    await destination.readCursor(streamId);
    let done = false;
    proxy.setPolicy((sent) => {
      if (done || sent !== 'INSERT') return null;
      done = true;
      return repetition;
    });
    await persist(destination, streamId);
    await proxy.quiet();
    await destination.close();
    await proxy.stop();
    await expect(expectExactlyOnce(snowflake, streamId)).rejects.toThrow('to deeply equal');
  });
});
