import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { wsProtocol, wsTokenProtocolPrefix } from '../../../contract/gateway-api.ts';
import type { AlertsState } from '../../../contract/thresholds.ts';
import {
  goodHealth,
  quiet,
  startControlServer,
  type ControlServer,
  type ControlServerOptions,
} from '../../helpers/control-server.ts';
import { connectReader, framesOf, sendFrame, settled, type LiveReader } from '../../helpers/live-reader.ts';
import { inFlightCall, usageRecord } from '../../helpers/usage-records.ts';
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

async function connect(options: WebSocket.ClientOptions = {}): Promise<LiveReader> {
  const reader = await connectReader(server, options);
  sockets.push(reader.socket);
  return reader;
}

describe('a connection', () => {
  it('is greeted, gets the past, then health, then the present', async () => {
    await start();
    const running = inFlightCall();
    server.hub.callStarted(running);
    server.hub.callEnded(usageRecord({ totalTokens: 42 }));
    const reader = await connect();
    expect(reader.socket.protocol).toBe(wsProtocol);
    await waitFor('three frames', () => reader.frames.length >= 3);
    expect(reader.frames.slice(0, 3).map(({ type }) => type)).toEqual(['hello', 'snapshot', 'health']);
    const [snapshot] = framesOf(reader, 'snapshot');
    expect(snapshot?.recent.map(({ totalTokens }) => totalTokens)).toEqual([42]);
    expect(snapshot?.inFlight.map(({ callId }) => callId)).toEqual([running.callId]);
    await waitFor('a tick', () => framesOf(reader, 'tick').length > 0);
  });

  it('gets each call once, in batches, and what began', async () => {
    await start();
    const reader = await connect();
    await waitFor('hello', () => reader.frames.length >= 3);
    server.hub.callStarted(inFlightCall());
    for (let index = 0; index < 50; index += 1) server.hub.callEnded(usageRecord());
    await waitFor('all calls', () => framesOf(reader, 'calls').flatMap((frame) => frame.calls).length === 50);
    expect(framesOf(reader, 'calls').length).toBeLessThan(5);
    expect(framesOf(reader, 'inflight')).toHaveLength(1);
  });

  it('is counted while it lives', async () => {
    await start();
    const [first] = [await connect(), await connect()];
    first?.socket.close();
    await first?.closed;
    const counts = async () =>
      (await (await server.get('/api/analytics/connections')).json()) as { websocket: unknown };
    await waitFor(
      'the count',
      async () => JSON.stringify((await counts()).websocket) === JSON.stringify({ current: 1, peak: 2, total: 2 }),
    );
    expect((await counts()).websocket).toEqual({ current: 1, peak: 2, total: 2 });
  });

  it('is let in by the Authorization header or the session cookie too', async () => {
    await start();
    for (const headers of [
      { authorization: `Bearer ${server.door.token}` },
      { cookie: server.door.redeem(server.door.mintCode())?.[1]?.split(';')[0] ?? '' },
    ]) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/analytics`, [wsProtocol], {
        headers,
        origin: `http://127.0.0.1:${server.port}`,
      });
      sockets.push(socket);
      await once(socket, 'open');
      expect(socket.protocol).toBe(wsProtocol);
    }
  });
});

describe('a reader chooses', () => {
  it('its topics', async () => {
    await start();
    const reader = await connect();
    sendFrame(reader, { type: 'unsubscribe', topics: ['calls', 'inflight'] });
    await settled(reader);
    server.hub.callEnded(usageRecord());
    await waitFor('a tick', () => framesOf(reader, 'tick').length > 0);
    expect(framesOf(reader, 'calls')).toHaveLength(0);
    sendFrame(reader, { type: 'subscribe', topics: ['calls'] });
    await settled(reader);
    server.hub.callEnded(usageRecord());
    await waitFor('calls', () => framesOf(reader, 'calls').length === 1);
  });

  it('which calls it sees, without changing what others see', async () => {
    await start();
    const [one, all] = [await connect(), await connect()];
    sendFrame(one, { type: 'subscribe', topics: ['calls'], filter: { model: ['m1'] } });
    await settled(one);
    for (const model of ['m1', 'm2', 'm1']) server.hub.callEnded(usageRecord({ model }));
    await waitFor('all', () => framesOf(all, 'calls').flatMap((frame) => frame.calls).length === 3);
    expect(framesOf(one, 'calls').flatMap((frame) => frame.calls.map(({ model }) => model))).toEqual(['m1', 'm1']);
    sendFrame(one, { type: 'subscribe', topics: ['calls'], filter: {} });
    await settled(one);
    server.hub.callEnded(usageRecord({ model: 'm2' }));
    await waitFor('unfiltered', () => framesOf(one, 'calls').flatMap((frame) => frame.calls).length === 3);
  });

  it('hears of a change of health within a second or so', async () => {
    await start({ healthMs: 50 });
    const reader = await connect();
    await waitFor('health', () => framesOf(reader, 'health').length > 0);
    server.setHealth({
      ...goodHealth,
      status: 'degraded',
      checks: { ...goodHealth.checks, journal: { ...goodHealth.checks.journal, state: 'degraded' } },
    });
    await waitFor(
      'the change',
      () => framesOf(reader, 'health').some(({ health }) => health.status === 'degraded'),
      2000,
    );
    expect(framesOf(reader, 'health').at(-1)?.health.checks.journal.state).toBe('degraded');
  });
});

describe('nonsense', () => {
  it.each([
    'not json',
    '[]',
    'null',
    '{}',
    '{"type":"explode"}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","topics":[]}',
    '{"type":"subscribe","topics":["calls"],"filter":{"provider":["acme"]}}',
    '{"type":"ping","id":17}',
    '',
  ])('%j is answered with an error frame and the connection stays', async (text) => {
    await start();
    const reader = await connect();
    sendFrame(reader, text);
    await waitFor('an error', () => framesOf(reader, 'error').length === 1);
    expect(framesOf(reader, 'error')[0]?.code).toBe('bad_request');
    await settled(reader);
    expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('in binary is answered with an error frame', async () => {
    await start();
    const reader = await connect();
    reader.socket.send(Buffer.from('{"type":"ping"}'));
    await waitFor('an error', () => framesOf(reader, 'error').length === 1);
    expect(framesOf(reader, 'pong')).toHaveLength(0);
  });

  it('of more than 64 KiB closes the connection with 1009, 64 KiB do not', async () => {
    await start();
    const reader = await connect();
    sendFrame(reader, 'x'.repeat(64 * 1024));
    await waitFor('an error', () => framesOf(reader, 'error').length === 1);
    sendFrame(reader, 'x'.repeat(64 * 1024 + 1));
    expect(await reader.closed).toBe(1009);
  });
});

describe('a peer that is gone', () => {
  it('is dropped when it answers no ping, and one that answers stays', async () => {
    await start({ heartbeatMs: 100 });
    const dead = await connect({ autoPong: false });
    const alive = await connect();
    await dead.closed;
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('a slow reader', () => {
  const rounds = 4;
  const sum = (reader: LiveReader): number =>
    framesOf(reader, 'calls').reduce((all, frame) => all + frame.calls.length + frame.dropped, 0);

  /** Fills the connection of a reader that takes nothing: 40 MB, more than the system's own buffers hold. */
  async function stall(slow: LiveReader, quick: LiveReader): Promise<void> {
    slow.socket.pause();
    const tags = { note: 'x'.repeat(40_000) };
    for (let round = 1; round <= rounds; round += 1) {
      for (let index = 0; index < 250; index += 1) server.hub.callEnded(usageRecord({ tags }));
      await waitFor(`round ${round}`, () => sum(quick) === round * 250);
    }
  }

  it('is told how many calls it missed, gets the newest tick, and disturbs nobody', async () => {
    await start({ behindBytes: 64 * 1024, behindMs: 60_000 });
    const slow = await connect();
    const quick = await connect();
    await stall(slow, quick);
    slow.socket.resume();
    const missed = (): number => framesOf(slow, 'calls').reduce((all, frame) => all + frame.dropped, 0);
    await waitFor('the account of what was missed', () => missed() > 0 && sum(slow) === rounds * 250, 15_000);
    expect(sum(quick)).toBe(rounds * 250);
    expect(framesOf(slow, 'tick').length).toBeLessThanOrEqual(framesOf(quick, 'tick').length);
  });

  it('is closed with 1013 when it stays behind', async () => {
    await start({ behindBytes: 64 * 1024, behindMs: 500 });
    const slow = await connect();
    const quick = await connect();
    await stall(slow, quick);
    const before = framesOf(quick, 'tick').length;
    await waitFor('two ticks', () => framesOf(quick, 'tick').length >= before + 2);
    slow.socket.resume();
    expect(await slow.closed).toBe(1013);
    expect(quick.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('many readers', () => {
  it('share one serialisation: 200 of them get the same bytes', async () => {
    await start();
    const readers = await Promise.all(Array.from({ length: 200 }, () => connect()));
    let serialised = 0;
    const record = { ...usageRecord(), toJSON: () => ((serialised += 1), usageRecord({ totalTokens: 77 })) };
    await Promise.all(readers.map(settled));
    server.hub.callEnded(record);
    await waitFor('everybody', () => readers.every((reader) => framesOf(reader, 'calls').length === 1));
    expect(serialised).toBe(1);
    expect(framesOf(readers[199] ?? (await connect()), 'calls')[0]?.calls[0]?.totalTokens).toBe(77);
  });

  it('are limited in number', async () => {
    await start({ maxClients: 2 });
    await connect();
    await connect();
    const refused = new WebSocket(`ws://127.0.0.1:${server.port}/ws/analytics`, [
      wsProtocol,
      `${wsTokenProtocolPrefix}${server.door.token}`,
    ]);
    const [error] = await once(refused, 'error');
    expect(String(error)).toContain('503');
  });
});

it('a stop of the gateway says goodbye with 1001', async () => {
  await start();
  const reader = await connect();
  await server.control.stop();
  expect(await reader.closed).toBe(1001);
});

describe('alerts', () => {
  const snoozed: AlertsState = { ...quiet, snoozedUntil: '2026-11-24T10:00:00.000Z' };
  let tell: (state: AlertsState) => void;

  async function startTelling(): Promise<void> {
    server = await startControlServer({
      alerts: {
        state: () => snoozed,
        onChange(listener) {
          tell = listener;
          return () => undefined;
        },
      },
    });
  }

  it('are told after health, and again when something changed', async () => {
    await startTelling();
    const reader = await connect();
    await waitFor('four frames', () => reader.frames.length >= 4);
    expect(reader.frames[3]).toEqual({ type: 'alerts', state: snoozed });
    tell(quiet);
    await waitFor('the change', () => framesOf(reader, 'alerts').length === 2);
    expect(framesOf(reader, 'alerts')[1]?.state).toEqual(quiet);
  });

  it('are a topic that a reader may leave out', async () => {
    await startTelling();
    const reader = await connect();
    sendFrame(reader, { type: 'unsubscribe', topics: ['alerts'] });
    await settled(reader);
    tell(quiet);
    await settled(reader);
    expect(framesOf(reader, 'alerts')).toHaveLength(1);
  });
});

it('a pause of recording is told at once, without waiting for the next look at health', async () => {
  await start({ healthMs: 600_000 });
  const reader = await connect();
  await waitFor('the greeting', () => framesOf(reader, 'alerts').length > 0);
  const headers = { 'content-type': 'application/json' };
  await server.get('/api/recording', { method: 'PUT', headers, body: '{"paused":true}' });
  await settled(reader);
  expect(framesOf(reader, 'health').map(({ health }) => health.recording.paused)).toEqual([false, true]);
});
