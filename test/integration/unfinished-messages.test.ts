/** Sessions whose messages do not end: metering holds a little of each, whatever its length, and reads the next one. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitForCalls } from '../helpers/analytics-client.ts';
import { residentMib } from '../bench/machine.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';

import { waitFor } from '../helpers/wait-for.ts';

const sessions = 20;
const longMessage = 15_000_000;

let upstream: Server;
let upstreamSides: Socket[];
let gateway: TestGateway;
const clients: Socket[] = [];

/** Takes every upgrade, agrees on what the request's `x-agree` says, and reads on. */
beforeEach(async () => {
  upstreamSides = [];
  upstream = createServer().on('upgrade', (request, socket: Socket) => {
    const agreed = request.headers['x-agree'];
    const extensions = agreed === undefined ? '' : `Sec-WebSocket-Extensions: ${String(agreed)}\r\n`;
    socket.on('error', () => undefined).resume();
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n${extensions}\r\n`,
    );
    upstreamSides.push(socket);
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const { port } = upstream.address() as AddressInfo;
  gateway = await startTestGateway({
    upstreams: [`openai=http://127.0.0.1:${port}/v1`, `gemini=http://127.0.0.1:${port}`],
  });
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  upstreamSides.forEach((side) => side.destroy());
  await gateway.stop();
  upstream.close();
});

async function openSession(path: string, agree: string | null): Promise<{ near: Socket; far: Socket }> {
  const { port } = new URL(gateway.url);
  const near = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  clients.push(near);
  const before = upstreamSides.length;
  near.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n${agree === null ? '' : `x-agree: ${agree}\r\n`}\r\n`,
  );
  await once(near, 'data');
  near.resume();
  const far = upstreamSides[before];
  if (far === undefined) throw new Error('no upstream side');
  return { near, far };
}

/** The head of a text frame of `length` bytes; masked with zeroes, which change nothing. */
function frameHead(length: number, { masked = false, first = 0x81 } = {}): Buffer {
  const head = Buffer.alloc(masked ? 14 : 10);
  head[0] = first;
  head[1] = (masked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

const realtime = '/openai/v1/realtime?model=gpt-realtime';
const live = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const filler = Buffer.alloc(longMessage, 'a');
const opening = (text: string): Buffer => Buffer.concat([Buffer.from(text), filler]);
const noise = deflateRawSync(randomBytes(longMessage), { level: 0 }); // sound that does not get smaller

describe('twenty messages of 15 MB that do not end cost little memory', () => {
  test.each([
    ['from the upstream', realtime, null, opening('{"type":"response.output_audio.delta","delta":"'), 0x81],
    ['from the client', live, null, opening('{"setup":{"model":"'), 0x81],
    ['from the upstream, compressed', realtime, 'permessage-deflate', noise, 0xc1],
  ] as const)('%s', { timeout: 60_000 }, async (from, path, agree, message, first) => {
    await (await openSession(path, agree)).near.destroy(); // everything is loaded now
    const before = residentMib(gateway.pid);
    let peak = before;
    for (let index = 0; index < sessions; index += 1) {
      const { near, far } = await openSession(path, agree);
      const isFromClient = from.startsWith('from the client');
      const [sender, taker] = isFromClient ? [near, far] : [far, near];
      const takenBefore = taker.bytesRead;
      sender.write(Buffer.concat([frameHead(message.length + 1, { masked: isFromClient, first }), message]));
      await waitFor('the bytes at the other side', () => taker.bytesRead - takenBefore >= message.length, 30_000);
      peak = Math.max(peak, residentMib(gateway.pid));
    }
    // Keeping them would cost 300 MB; what passes through leaves garbage of its own.
    expect(peak - before).toBeLessThan(120);
  });
});

test('usage after a message of 40 MB is read', { timeout: 60_000 }, async () => {
  const { near, far } = await openSession(realtime, null);
  const long = Buffer.concat([
    Buffer.from('{"type":"response.output_audio.delta","delta":"'),
    Buffer.alloc(40_000_000, 'b'),
    Buffer.from('"}'),
  ]);
  const usage = { total_tokens: 30, input_tokens: 10, output_tokens: 20 };
  const done = Buffer.from(
    JSON.stringify({ type: 'response.done', response: { id: 'r', status: 'completed', usage } }),
  );
  far.write(Buffer.concat([frameHead(long.length), long, frameHead(done.length), done]));
  await waitFor('the bytes', () => near.bytesRead > long.length + done.length, 30_000);
  far.end(Buffer.from([0x88, 0x00]));
  near.end();
  const [row] = await waitForCalls(gateway, 1);
  expect(row).toMatchObject({ surface: 'realtime', inputTokens: 10, outputTokens: 20, usageSource: 'reported' });
});
