/** Row 18: aborts and cuts in the middle, from both sides. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readHead, readMessage } from '../../helpers/raw-socket-reader.ts';
import type { SocketReader } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript, RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let script: RawScript;
let upstreamSide: SocketReader | null;
let client: RawClient;

beforeEach(async () => {
  upstreamSide = null;
  upstream = await startRawUpstream((reader, socket) => {
    upstreamSide = reader;
    return script(reader, socket);
  });
  proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { idleTimeoutMs: 500 } });
  client = await connectRaw(proxy.port);
});

afterEach(async () => {
  client.socket.destroy();
  await proxy.stop();
  await upstream.stop();
});

const get = 'GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n';
const ends = () => proxy.exchanges.flatMap((exchange) => exchange.ends);

describe('the client goes', () => {
  test.each(['destroy', 'resetAndDestroy'] as const)(
    'in the middle of a stream (%s): the upstream request is aborted at once',
    async (how) => {
      script = async (reader, socket) => {
        await readHead(reader);
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
      };
      client.send(get);
      await client.reader.until('first\r\n');
      client.socket[how]();
      await waitFor('the upstream to see the abort', () => upstreamSide?.ended);
      expect(ends()).toEqual([{ kind: 'client_aborted' }]);
      expect(proxy.proxy.inFlight()).toBe(0);
    },
  );

  test('before the response head: the upstream request is aborted too', async () => {
    script = () => undefined;
    client.send(get);
    await waitFor('the request upstream', () => upstreamSide?.waiting.length);
    client.socket.destroy();
    await waitFor('the upstream to see the abort', () => upstreamSide?.ended);
    expect(ends()).toEqual([{ kind: 'client_aborted' }]);
  });

  test('in the middle of an upload', async () => {
    script = () => undefined;
    client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 100\r\n\r\nabc');
    await waitFor('the upload upstream', () => upstreamSide?.waiting.includes('abc'));
    client.socket.destroy();
    await waitFor('the upstream to see the abort', () => upstreamSide?.ended);
    expect(ends()).toEqual([{ kind: 'client_aborted' }]);
  });

  test('with pipelined requests waiting: every one of them is aborted', async () => {
    script = () => undefined;
    client.send(get + get + get);
    await waitFor('three calls', () => proxy.proxy.inFlight() === 3);
    client.socket.destroy();
    await waitFor('no call in flight', () => proxy.proxy.inFlight() === 0);
    expect(ends()).toEqual([{ kind: 'client_aborted' }, { kind: 'client_aborted' }, { kind: 'client_aborted' }]);
  });
});

describe('the upstream goes', () => {
  const cuts: readonly (readonly [string, string, string])[] = [
    ['a body with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe first part', 'the first part'],
    ['a chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsec', 'first'],
    [
      'a chunked body before its terminating chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n',
      'first',
    ],
    ['a body whose head came just before', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', ''],
  ];

  test.each(cuts)(
    'in the middle of %s: the client gets what came and then a broken connection',
    async (_name, said, part) => {
      script = async (reader, socket) => {
        await readHead(reader);
        socket.end(said);
      };
      client.send(get);
      const got = (await client.reader.toEnd()).toString();
      expect(got).toContain(`\r\n\r\n`);
      expect(got).toContain(part);
      expect(got).not.toContain('\r\n0\r\n');
      expect(ends()).toEqual([{ kind: 'upstream_failed', code: 'upstream_reset' }]);
      expect(Buffer.concat(proxy.exchanges[0]?.responseChunks ?? []).toString()).toContain(part);
    },
  );

  test('in the middle of a body that an HTTP/1.0 client reads to the end: the connection is reset, not ended', async () => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write('HTTP/1.1 200 OK\r\n\r\nthe first part');
      await waitFor('the first part at the client', () => client.reader.waiting.includes('first part'));
      socket.resetAndDestroy();
    };
    const errors: Error[] = [];
    client.socket.on('error', (error) => errors.push(error));
    client.send('GET /gemini/v1beta/x HTTP/1.0\r\nHost: l\r\n\r\n');
    await waitFor('the end of the connection', () => client.reader.ended);
    expect(errors).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(ends()).toEqual([{ kind: 'upstream_failed', code: 'upstream_reset' }]);
  });

  test('silent: after the idle time-out the stream is broken off', async () => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    };
    client.send(get);
    expect((await client.reader.toEnd()).toString()).toContain('first');
    expect(ends()).toEqual([{ kind: 'upstream_failed', code: 'upstream_timeout' }]);
  });

  test('with a stream longer than every time-out but never silent: it runs to its end', async () => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let beat = 0; beat < 12; beat += 1) {
        socket.write('2\r\n:\n\r\n');
        await new Promise((resolve) => setTimeout(resolve, 100)); // 1.2 s in all against an idle time-out of 0.5 s
      }
      socket.write('0\r\n\r\n');
    };
    client.send(get);
    expect((await client.response()).body.length).toBe(24);
    expect(ends()).toEqual([{ kind: 'complete' }]);
  });
});

describe('an answer before the upload is through', () => {
  test('reaches the client, whose connection stays usable', async () => {
    const big = 400_000;
    script = async (reader, socket) => {
      const { startLine } = await readHead(reader);
      if (startLine.startsWith('GET')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig');
    };
    client.send(`POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: ${big}\r\n\r\nabc`);
    const answer = await client.response();
    expect(answer.startLine).toBe('HTTP/1.1 413 Payload Too Large');
    client.send(Buffer.alloc(big - 3, 'x'));
    client.send(get);
    expect((await client.response()).body.toString()).toBe('ok');
    expect(ends()).toEqual([{ kind: 'complete' }, { kind: 'complete' }]);
    expect(upstream.connections()).toBe(2); // the half-used connection was not used again
  });

  test('may run while the upload goes on', async () => {
    script = async (reader, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      await readHead(reader);
      for (let index = 0; index < 3; index += 1) {
        const piece = await reader.exactly(4);
        socket.write(`4\r\n${piece.toString()}\r\n`);
      }
      socket.write('0\r\n\r\n');
    };
    client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 12\r\n\r\n');
    for (const piece of ['one.', 'two.', 'thre']) {
      client.send(piece);
      await client.reader.until(piece);
    }
    await client.reader.until('0\r\n\r\n');
    expect(ends()).toEqual([{ kind: 'complete' }]);
  });
});

test('random cuts: one end, and the client has a prefix of what the upstream sent', async () => {
  const body = Buffer.from(Array.from({ length: 3_000 }, (_, index) => 33 + (index % 90)));
  const whole = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
  let at = 0;
  script = async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.end(whole.subarray(0, at));
  };
  for (let round = 0; round < 60; round += 1) {
    at = 50 + ((round * 7919) % (whole.length - 51));
    const each = await connectRaw(proxy.port);
    each.send(get);
    const got = await each.reader.toEnd();
    const received = got.subarray(got.indexOf('\r\n\r\n') + 4);
    expect(body.subarray(0, received.length).equals(received)).toBe(true);
    expect(received.length).toBe(at - (whole.length - body.length));
  }
  expect(ends()).toEqual(Array.from({ length: 60 }, () => ({ kind: 'upstream_failed', code: 'upstream_reset' })));
});
