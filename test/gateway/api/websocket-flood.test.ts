/** Readers that ask for more than they take: one bound for all that is sent to them, and one for what they may say. */
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startControlServer, type ControlServer, type ControlServerOptions } from '../../helpers/control-server.ts';
import { connectReader, framesOf, sendFrame, settled, type LiveReader } from '../../helpers/live-reader.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let server: ControlServer;
const sockets: WebSocket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.terminate());
  await server.stop();
});

async function start(limits: ControlServerOptions['limits'] = {}): Promise<void> {
  server = await startControlServer({ limits });
}

async function connect(): Promise<LiveReader> {
  const reader = await connectReader(server);
  sockets.push(reader.socket);
  await waitFor('the greeting', () => reader.frames.length >= 3);
  return reader;
}

async function connections(): Promise<number> {
  const answer = await server.get('/api/analytics/connections');
  return ((await answer.json()) as { websocket: { current: number } }).websocket.current;
}

const payload = Buffer.alloc(125, 'p');
const floods: readonly (readonly [string, (socket: WebSocket) => void])[] = [
  ['nonsense', (socket) => socket.send('x')],
  ['binary', (socket) => socket.send(payload)],
  ['ping frames', (socket) => socket.send('{"type":"ping"}')],
  ['subscriptions', (socket) => socket.send('{"type":"subscribe","topics":["calls"]}')],
  ['pings of the protocol', (socket) => socket.ping(payload)],
  ['pongs of the protocol', (socket) => socket.pong(payload)],
];

describe.each(floods)('a flood of %s', (_name, say) => {
  it('closes a reader that reads with 1008, and few of them were answered', async () => {
    await start();
    const [flooding, other] = [await connect(), await connect()];
    let pongs = 0;
    flooding.socket.on('pong', () => (pongs += 1));
    for (let index = 0; index < 5_000; index += 1) say(flooding.socket);
    expect(await flooding.closed).toBe(1008);
    expect(framesOf(flooding, 'error').length + framesOf(flooding, 'pong').length + pongs).toBeLessThan(1_000);
    await settled(other);
  });

  it('closes a reader that does not read', async () => {
    await start();
    const flooding = await connect();
    flooding.socket.pause();
    const flood = setInterval(() => {
      for (let index = 0; index < 1_000 && flooding.socket.readyState === WebSocket.OPEN; index += 1)
        say(flooding.socket);
    }, 5);
    try {
      await waitFor('the gateway to let go', async () => (await connections()) === 0, 8_000);
    } finally {
      clearInterval(flood);
    }
    expect(await connections()).toBe(0);
  });
});

it('what an ordinary reader says is always answered: a burst of 100 messages, then ten a second', async () => {
  await start();
  const reader = await connect();
  for (let index = 0; index < 100; index += 1) sendFrame(reader, { type: 'ping', id: String(index) });
  await waitFor('all pongs', () => framesOf(reader, 'pong').length === 100);
  for (let index = 0; index < 10; index += 1) {
    await settled(reader);
    await new Promise((resolve) => setTimeout(resolve, 100)); // the rate is what is tested
  }
  const ponged = new Promise<Buffer>((resolve) => reader.socket.once('pong', resolve));
  reader.socket.ping('are you there');
  expect(String(await ponged)).toBe('are you there');
  expect(reader.socket.readyState).toBe(WebSocket.OPEN);
});

describe('a reader that asks and does not read', () => {
  const unlimited = { burst: Number.MAX_SAFE_INTEGER, perSecond: Number.MAX_SAFE_INTEGER };
  const mostSent = 96 * 1024 * 1024; // several times what the system's own buffers hold

  /** Pings until nothing goes out any more; the number of pings that were sent. */
  async function pingUntilStalled({ socket }: LiveReader): Promise<number> {
    let sent = 0;
    let before = -1;
    const stalled = (): boolean => {
      const now = socket.bufferedAmount;
      const isSame = now > 0 && now === before;
      before = now;
      return isSame;
    };
    while (sent * payload.length < mostSent) {
      for (let index = 0; index < 8_000; index += 1) socket.ping(payload);
      sent += 8_000;
      await waitFor('the pings to go out, or to be stuck', async () => {
        if (socket.bufferedAmount < 64 * 1024) return true;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return stalled();
      });
      if (socket.bufferedAmount > 0 && socket.bufferedAmount === before) return sent;
    }
    return sent;
  }

  it('is not read from while it is behind, and gets every answer when it reads again', async () => {
    await start({ ...unlimited, behindBytes: 64 * 1024, behindMs: 60_000 });
    const reader = await connect();
    let pongs = 0;
    reader.socket.on('pong', () => (pongs += 1));
    reader.socket.pause();
    const sent = await pingUntilStalled(reader);
    expect(sent * payload.length).toBeLessThan(mostSent);
    reader.socket.resume();
    await waitFor('every answer', () => pongs === sent, 20_000);
  });

  it('is closed with 1013 when it stays behind', async () => {
    await start({ ...unlimited, behindBytes: 64 * 1024, behindMs: 200 });
    const [reader, quick] = [await connect(), await connect()];
    reader.socket.pause();
    await pingUntilStalled(reader);
    const before = framesOf(quick, 'tick').length;
    await waitFor('two ticks', () => framesOf(quick, 'tick').length >= before + 2);
    reader.socket.resume();
    expect(await reader.closed).toBe(1013);
  });
});

it(
  'a reader that is behind is not taken for dead, although its pongs cannot be read',
  { timeout: 40_000 },
  async () => {
    await start({ behindBytes: 64 * 1024, behindMs: 60_000, heartbeatMs: 1000 });
    const [slow, quick] = [await connect(), await connect()];
    slow.socket.pause();
    const tags = { note: 'x'.repeat(40_000) };
    const seen = (): number => framesOf(quick, 'calls').reduce((sum, { calls }) => sum + calls.length, 0);
    for (let index = 0; index < 1_000; index += 1) {
      server.hub.callEnded(usageRecord({ tags }));
      if (index % 250 === 249) await waitFor('the quick reader', () => seen() === index + 1);
    }
    let beats = 0;
    quick.socket.on('ping', () => (beats += 1));
    await waitFor('some heartbeats', () => beats >= 3);
    expect(await connections()).toBe(2);
    slow.socket.resume();
    await settled(slow);
    const beatsBefore = beats;
    await waitFor('more heartbeats', () => beats >= beatsBefore + 2);
    expect(slow.socket.readyState).toBe(WebSocket.OPEN);
  },
);
