import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openFrameReader, type FrameReader } from '../../../../gateway/usage/session/frame-reader.ts';

/** A real client and a real server with a wire tap between them: what each side sends is read by a frame reader in pieces of `pieceSize`. */
interface Tapped {
  readonly client: WebSocket;
  readonly server: WebSocket;
  readonly fromClient: string[];
  readonly fromServer: string[];
  settle(): Promise<void>;
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function tapped(perMessageDeflate: boolean | object, pieceSize: number): Promise<Tapped> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate, maxPayload: 64 * 1024 * 1024 });
  await once(wss, 'listening');
  const { port: target } = wss.address() as AddressInfo;
  const messages = { client: [] as string[], server: [] as string[] };
  const readers: FrameReader[] = [];
  const middle = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    tapPair(near, far, { messages, readers, pieceSize });
  });
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve));
  stops.push(() => (wss.close(), middle.close()));
  const connected = once(wss, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(middle.address() as AddressInfo).port}`, { perMessageDeflate: true });
  await once(client, 'open');
  const [server] = (await connected) as [WebSocket];
  stops.push(() => (client.terminate(), server.terminate()));
  return {
    client,
    server,
    fromClient: messages.client,
    fromServer: messages.server,
    settle: async () => void (await Promise.all(readers.map((reader) => reader.settle()))),
  };
}

interface TapState {
  readonly messages: { client: string[]; server: string[] };
  readonly readers: FrameReader[];
  readonly pieceSize: number;
}

/** Cuts off the two HTTP heads; the answer's head names the agreed extensions. */
function tapPair(near: Socket, far: Socket, { messages, readers, pieceSize }: TapState): void {
  let head = '';
  let requestSeen = false;
  const feed = (reader: FrameReader | undefined, chunk: Buffer): void => {
    for (let at = 0; at < chunk.length; at += pieceSize) reader?.write(chunk.subarray(at, at + pieceSize));
  };
  near.on('data', (chunk: Buffer) => {
    const before = Buffer.from(chunk);
    if (requestSeen) feed(readers[0], chunk);
    requestSeen = true; // the request is one packet, and nothing follows it before the answer
    expect(chunk.equals(before)).toBe(true);
    far.write(chunk);
  });
  far.on('data', (chunk: Buffer) => {
    near.write(chunk);
    if (readers.length === 2) return feed(readers[1], chunk);
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const extensions = /^sec-websocket-extensions: (.*)$/im.exec(head.slice(0, end))?.[1]?.trim() ?? null;
    readers.push(
      openFrameReader({ from: 'client', extensions, onPiece: joined((text) => messages.client.push(text)) }),
      openFrameReader({ from: 'server', extensions, onPiece: joined((text) => messages.server.push(text)) }),
    );
    feed(readers[1], Buffer.from(head.slice(end + 4), 'latin1'));
  });
  near.on('close', () => far.destroy()).on('error', () => far.destroy());
  far.on('close', () => near.destroy()).on('error', () => near.destroy());
}

function joined(onMessage: (text: string) => void): (piece: Buffer, isLast: boolean) => void {
  let pieces: Buffer[] = [];
  return (piece, isLast) => {
    pieces.push(piece);
    if (!isLast) return;
    onMessage(Buffer.concat(pieces).toString());
    pieces = [];
  };
}

const texts = [
  '{"setup":{}}',
  '',
  'ü'.repeat(4_000),
  randomBytes(1_000).toString('hex'),
  'z'.repeat(70_000),
  '{"usageMetadata":1}',
];

describe.each([
  ['plain', false],
  ['compressed', { threshold: 0 }],
  ['compressed without context', { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true }],
  ['compressed in small windows', { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 }],
] as const)('%s', (_name, deflate) => {
  test.each([3, 64, 65_536])('messages both ways are read from pieces of %i bytes', async (pieceSize) => {
    const { client, server, fromClient, fromServer, settle } = await tapped(deflate, pieceSize);
    const received: string[] = [];
    server.on('message', (data) => received.push(String(data)));
    client.ping();
    for (const text of texts) {
      client.send(text);
      server.send(Buffer.from(text)); // Gemini sends its JSON in binary frames
    }
    client.send('part one, ', { fin: false });
    client.send('part two', { fin: true });
    const closed = once(server, 'close');
    client.close(1000, 'done');
    await closed;
    await settle();
    const whole = [...texts, 'part one, part two'];
    expect(received).toEqual(whole);
    expect(fromClient).toEqual(whole);
    expect(fromServer).toEqual(texts);
  });
});

test('what is no WebSocket ends the reading, and only that', async () => {
  const reader = openFrameReader({ from: 'server', extensions: null, onPiece: () => undefined });
  reader.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  await reader.settle();
  expect(reader.failed()).toBe(true);
  reader.write(randomBytes(100));
});

test.each([
  ['without a mask from a client', 'client', [0x81, 0x01]],
  ['with a mask from a server', 'server', [0x81, 0x81]],
  ['with RSV2', 'server', [0xa1, 0x01]],
  ['with RSV3', 'server', [0x91, 0x01]],
  ['compressed, which nobody agreed on', 'server', [0xc1, 0x01]],
  ['of an unknown kind', 'server', [0x83, 0x01]],
  ['of an unknown kind of control', 'server', [0x8b, 0x01]],
  ['of control in parts', 'server', [0x09, 0x01]],
  ['of control with 126 bytes', 'server', [0x89, 0x7e]],
  ['that goes on with nothing', 'server', [0x80, 0x01]],
  ['that begins inside a message', 'server', [0x01, 0x00, 0x81, 0x01]],
] as const)('a frame %s ends the reading', async (_name, from, bytes) => {
  const pieces: Buffer[] = [];
  const reader = openFrameReader({ from, extensions: null, onPiece: (piece) => pieces.push(piece) });
  reader.write(Buffer.from(bytes));
  reader.write(Buffer.alloc(100));
  await reader.settle();
  expect(reader.failed()).toBe(true);
  expect(Buffer.concat(pieces)).toHaveLength(0);
});

test('what comes after a close frame is not read', async () => {
  const pieces: Buffer[] = [];
  const reader = openFrameReader({ from: 'server', extensions: null, onPiece: (piece) => pieces.push(piece) });
  reader.write(Buffer.from([0x88, 0x00, 0x81, 0x01, 0x61]));
  await reader.settle();
  expect(reader.failed()).toBe(false);
  expect(pieces).toEqual([]);
});

test('a message that unpacks to more than the limit is given up', async () => {
  const { server, fromServer, settle } = await tapped({ threshold: 0 }, 65_536);
  server.send('small');
  server.send(Buffer.alloc(20 * 1024 * 1024));
  const closed = once(server, 'close');
  server.close();
  await closed;
  await settle();
  expect(fromServer).toEqual(['small']);
});
