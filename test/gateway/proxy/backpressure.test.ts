/** P7: a side that does not read stops the other side; a body of any length passes through flat memory. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHead } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript, RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let script: RawScript;
let client: Socket;

beforeEach(async () => {
  upstream = await startRawUpstream((reader, socket) => script(reader, socket));
  proxy = await startTestProxy([upstreamAt(upstream.origin)], {
    forget: true,
    config: { idleTimeoutMs: 500, headersTimeoutMs: 500 },
  });
  client = connect({ port: proxy.port, host: '127.0.0.1' });
  client.on('error', () => client.destroy());
});

afterEach(async () => {
  client.destroy();
  await proxy.stop();
  await upstream.stop();
});

const piece = Buffer.alloc(65_536, 'p');

/** Writes `total` bytes as fast as the other side takes them; `progress` counts. */
async function pour(socket: Socket, total: number, progress: { bytes: number }): Promise<void> {
  let goOn = (): void => {};
  const wake = (): void => goOn();
  socket.on('drain', wake).on('close', wake);
  while (progress.bytes < total && !socket.destroyed) {
    const next = piece.subarray(0, Math.min(piece.length, total - progress.bytes));
    progress.bytes += next.length;
    const drained = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (!socket.write(next)) await drained;
  }
}

/** Waits until a count that has begun no longer moves for longer than the proxy's time-outs. */
async function stalled(progress: { bytes: number }): Promise<number> {
  let seen = -1;
  let since = performance.now();
  await waitFor('the writer to stall', () => {
    if (progress.bytes !== seen) since = performance.now();
    seen = progress.bytes;
    return seen > 0 && performance.now() - since > 1_200;
  });
  return seen;
}

async function readAll(socket: Socket, onByte: (chunk: Buffer) => void): Promise<void> {
  socket.on('data', onByte);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}

test.each([
  ['a length', (total: number) => `Content-Length: ${total}`],
  ['no length', () => 'Connection: close'],
])(
  'a client that does not read stops the upstream (body with %s); when it reads on, every byte arrives',
  async (_name, framing) => {
    const total = 60_000_000;
    const progress = { bytes: 0 };
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write(`HTTP/1.1 200 OK\r\n${framing(total)}\r\n\r\n`);
      await pour(socket, total, progress);
      socket.end();
    };
    client.pause();
    client.write('GET /gemini/v1beta/x HTTP/1.0\r\nHost: l\r\n\r\n');
    expect(await stalled(progress)).toBeLessThan(total);
    let received = 0;
    await readAll(client, (chunk) => {
      received += chunk.length;
    });
    expect(received).toBeGreaterThan(total);
    expect(received).toBeLessThan(total + 1_000);
    expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'complete' }]);
  },
);

test('an upstream that does not read stops the upload; when it reads on, every byte arrives', async () => {
  const total = 60_000_000;
  const progress = { bytes: 0 };
  let count = 0;
  let reading = (): void => {};
  script = (_reader, socket) => {
    socket.pause();
    reading = () => {
      socket.removeAllListeners('data');
      socket.on('data', (chunk: Buffer) => {
        count += chunk.length;
      });
      socket.resume();
    };
  };
  const own = await startTestProxy([upstreamAt(upstream.origin)], { forget: true });
  const uploader = connect({ port: own.port, host: '127.0.0.1' });
  uploader.on('error', () => uploader.destroy());
  uploader.write(`POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: ${total}\r\n\r\n`);
  const poured = pour(uploader, total, progress);
  expect(await stalled(progress)).toBeLessThan(total);
  reading();
  await poured;
  await waitFor('every byte', () => count > total);
  uploader.destroy();
  await own.stop();
});

test('an upstream that never reads an upload times out', async () => {
  script = (_reader, socket) => void socket.pause();
  const progress = { bytes: 0 };
  client.write('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 60000000\r\n\r\n');
  void pour(client, 60_000_000, progress);
  await waitFor('the end', () => proxy.exchanges[0]?.ends.length === 1);
  expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'upstream_failed', code: 'upstream_timeout' }]);
});

test('200 MB each way pass through flat memory', async () => {
  const total = 200_000_000;
  const own = await startTestProxy([upstreamAt(upstream.origin)], { forget: true });
  const caller = connect({ port: own.port, host: '127.0.0.1' });
  const upload = { bytes: 0 };
  const download = { bytes: 0 };
  let uploaded = 0;
  script = async (reader, socket) => {
    await readHead(reader);
    uploaded += reader.waiting.length;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      uploaded += chunk.length;
    });
    socket.resume();
    await waitFor('the upload', () => uploaded === total, 60_000);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    await pour(socket, total, download);
  };
  let downloaded = 0;
  caller.on('data', (chunk) => {
    downloaded += chunk.length;
  });
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  caller.write(`POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: ${total}\r\n\r\n`);
  await pour(caller, total, upload);
  await waitFor('the download', () => downloaded >= total, 60_000);
  clearInterval(watch);
  caller.destroy();
  await own.stop();
  // Client, proxy and upstream share this process; none of them may keep a body.
  expect(peak - before).toBeLessThan(150_000_000);
}, 120_000);
