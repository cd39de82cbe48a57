/**
 * A large statement travels compressed, and everything that may happen to a small one on its way happens to it too: seen from the server.
 */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect as connectTo, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { startRepeatingProxy } from '../../../helpers/snowflake-repeating-proxy.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { faultOf, StandIn, watched } from './stand-in-kit.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterEach(() => standIn.tidy());
afterAll(() => standIn.stop());

const tag = 'test';
const text = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ index, word: 'tränen ☃ "x" \\ 😀' })));
const large = (marker: string) => ({ sql: `SELECT '${marker}' AS marker, LENGTH(?) AS size`, binds: [text], tag });
const seenWith = (marker: string) => standIn.server.statementsSeen().filter((seen) => seen.text.includes(marker));
const answer = (marker: string) => [{ marker, size: [...text].length }];

describe('a large statement', () => {
  it('travels compressed and arrives as it was', async () => {
    const session = await standIn.open();
    const before = standIn.server.bytesReceived();
    expect((await session.execute(large('whole'))).rows).toEqual(answer('whole'));
    const [seen] = seenWith('whole');
    expect(seen?.encoding).toBe('gzip');
    expect(seen?.wireBytes).toBeLessThan(Buffer.byteLength(text) / 4);
    expect(standIn.server.bytesReceived() - before).toBe(seen?.wireBytes);
  });

  it('and a small one beside it does not', async () => {
    const session = await standIn.open();
    await session.execute({ sql: "SELECT 'small' AS marker", tag });
    expect(seenWith('small')).toMatchObject([{ encoding: null }]);
  });

  it('is compressed again when the driver sends it again after renewing the session', async () => {
    const session = await standIn.open();
    let isExpired = false;
    standIn.server.setFaults(({ sqlText }) => {
      if (isExpired || sqlText?.includes('renewed') !== true) return null;
      isExpired = true;
      return { kind: 'expireSession' };
    });
    expect((await session.execute(large('renewed'))).rows).toEqual(answer('renewed'));
    expect(isExpired).toBe(true);
    expect(seenWith('renewed')).toMatchObject([{ encoding: 'gzip' }]);
  });

  it.each([
    ['its answer is lost', { kind: 'dropAfter' }, 'network'],
    ['its connection breaks', { kind: 'dropBefore' }, 'network'],
    ['a proxy answers 502', { kind: 'status', status: 502 }, 'network'],
    ['Snowflake throttles', { kind: 'status', status: 429 }, 'throttled'],
    ['it is too large', { kind: 'status', status: 413 }, 'too_large'],
    ['it does not compress', { kind: 'status', status: 400 }, 'network'],
  ] satisfies readonly (readonly [string, Fault, string])[])('is sent once when %s', async (marker, fault, kind) => {
    const session = await standIn.open();
    const watch = watched(({ sqlText }) => (sqlText?.includes(marker) === true ? fault : null));
    standIn.server.setFaults(watch.policy);
    expect((await faultOf(session.execute(large(marker)))).kind).toBe(kind);
    await session.close();
    expect(watch.seen.filter(({ sqlText }) => sqlText?.includes(marker) === true)).toHaveLength(1);
  });

  it('that is too large leaves the session as it was', async () => {
    const session = await standIn.open();
    standIn.server.configure({ wireLimitBytes: 2_000 });
    expect((await faultOf(session.execute(large('refused')))).kind).toBe('too_large');
    standIn.server.configure({ wireLimitBytes: 1024 * 1024 });
    expect(session.isUp()).toBe(true);
    expect((await session.execute(large('afterwards'))).rows).toEqual(answer('afterwards'));
  });

  it('at its deadline is cancelled in Snowflake', async () => {
    const session = await standIn.open();
    standIn.server.setFaults(({ sqlText }) =>
      sqlText?.includes('slow one') === true ? { kind: 'delay', ms: 20_000 } : null,
    );
    expect((await faultOf(session.execute({ ...large('slow one'), timeoutMs: 500 }))).kind).toBe('timeout');
    await waitFor('the end of the statement', () => seenWith('slow one').every(({ status }) => status !== 'RUNNING'));
    expect(seenWith('slow one')).toMatchObject([{ encoding: 'gzip', errorCode: '000604' }]);
  });

  it('by its caller is cancelled in Snowflake', async () => {
    const session = await standIn.open();
    standIn.server.setFaults(({ sqlText }) =>
      sqlText?.includes('unwanted') === true ? { kind: 'delay', ms: 20_000 } : null,
    );
    const caller = new AbortController();
    const work = faultOf(session.execute({ ...large('unwanted'), signal: caller.signal }));
    await waitFor('the statement', () => seenWith('unwanted').length === 1);
    caller.abort();
    expect((await work).kind).toBe('cancelled');
    await waitFor('its end', () => seenWith('unwanted').every(({ status }) => status !== 'RUNNING'));
  });
});

describe('a large statement through', () => {
  it('something that sends it twice arrives twice as it was', async () => {
    const proxy = await startRepeatingProxy(standIn.server.url);
    const session = await standIn.open(standIn.access({ accessUrl: proxy.url }));
    proxy.setPolicy((statement) => (statement === 'SELECT' ? { kind: 'again' } : null));
    expect((await session.execute(large('repeated'))).rows).toEqual(answer('repeated'));
    expect(seenWith('repeated')).toMatchObject([{ encoding: 'gzip' }, { encoding: 'gzip' }]);
    await session.close();
    await proxy.stop();
  });

  it("a company's proxy arrives compressed", async () => {
    const proxy = await startForwardProxy();
    vi.stubEnv('HTTP_PROXY', proxy.url);
    const session = await standIn.open();
    expect((await session.execute(large('by proxy'))).rows).toEqual(answer('by proxy'));
    expect(proxy.passed()).toBeGreaterThan(2);
    expect(seenWith('by proxy')).toMatchObject([{ encoding: 'gzip' }]);
    await session.close();
    await proxy.stop();
  });
});

/** Passes on what names its target in the request line or the Host header, and tunnels. */
async function startForwardProxy() {
  let passed = 0;
  const server: Server = createServer((incoming, outgoing) => {
    passed += 1;
    const target = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
    const onward = httpRequest(target, { method: incoming.method, headers: incoming.headers }, (answered) => {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    passed += 1;
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const onward = connectTo(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => passed,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
