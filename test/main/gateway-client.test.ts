import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../contract/gateway-api.ts';
import { LiveClient, type LiveClientTimes, type LiveState } from '../../main/gateway-client.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { hello, type LiveFeed, snapshot, startLiveFeed, tick } from './live-feed.ts';

const token = 'a'.repeat(64);
const quick: LiveClientTimes = { backOff: { firstMs: 20, longestMs: 100 }, silenceMs: 300 };

let feed: LiveFeed;
let client: LiveClient;
let frames: ServerFrame[] = [];
let states: LiveState[] = [];
let lines: string[] = [];

function startClient(times = quick): void {
  frames = [];
  states = [];
  lines = [];
  const note = (message: string): void => void lines.push(message);
  client = new LiveClient({
    log: { info: note, warn: note, error: note },
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    times,
  });
}

const becomes = (live: LiveState['live']) => waitFor(live, () => client.state().live === live);

beforeEach(async () => {
  feed = await startLiveFeed();
  feed.greet([hello, snapshot]);
  startClient();
});
afterEach(async () => {
  client.stop();
  await feed.stop();
});

describe('the live connection', () => {
  test('shows the token in its subprotocol, never in the address, and asks for every topic', async () => {
    client.follow({ url: feed.url, token });
    await becomes('connected');
    await waitFor('the subscription', () => feed.heard.length > 0);
    expect(feed.requests[0]?.headers['sec-websocket-protocol']).toBe(`aism.v1,aism.token.${token}`);
    expect(feed.requests[0]?.url).toBe('/ws/analytics');
    expect(feed.heard).toEqual([{ type: 'subscribe', topics: ['tick', 'calls', 'inflight', 'health', 'alerts'] }]);
  });

  test('is connected once the snapshot is there, and hands frames on in order', async () => {
    feed.greet([hello]);
    client.follow({ url: feed.url, token });
    await waitFor('hello', () => frames.length === 1);
    expect(client.state().live).toBe('connecting');
    feed.send(snapshot);
    feed.send(tick('2026-11-23T10:00:01.000Z', 2));
    await waitFor('the frames', () => frames.length === 3);
    expect(frames.map(({ type }) => type)).toEqual(['hello', 'snapshot', 'tick']);
    expect(client.state()).toMatchObject({ live: 'connected', retryInMs: null, liveSince: expect.any(String) });
  });

  test('comes back after a cut, says when it retries, and the snapshot arrives anew', async () => {
    client.follow({ url: feed.url, token });
    await becomes('connected');
    feed.cut();
    await waitFor('a reconnect', () => frames.filter(({ type }) => type === 'snapshot').length === 2);
    const lost = states.find(({ live }) => live === 'lost');
    expect(lost?.retryInMs).toBeGreaterThanOrEqual(10);
    expect(lost?.retryInMs).toBeLessThanOrEqual(20);
    expect(client.state().live).toBe('connected');
  });

  test('waits longer from one failed attempt to the next, up to a bound', async () => {
    await feed.stop();
    client.follow({ url: feed.url, token });
    await waitFor('attempts', () => states.length >= 6);
    const waits = states.map(({ retryInMs }) => retryInMs ?? 0);
    expect(waits[0]).toBeLessThanOrEqual(20);
    expect(waits[5]).toBeGreaterThanOrEqual(50);
    expect(Math.max(...waits)).toBeLessThanOrEqual(100);
    expect(states.every(({ live }) => live === 'connecting')).toBe(true); // it was never there, so it is not lost
    feed = await startLiveFeed();
  });

  test('counts as lost when it goes silent, although the socket stays open', async () => {
    client.follow({ url: feed.url, token });
    await becomes('connected');
    feed.greet([]); // the next connection is silent too
    await becomes('lost');
    expect(lines).toContain('LiveSocketSilent');
  });

  test('stays while ticks come', async () => {
    client.follow({ url: feed.url, token });
    await becomes('connected');
    for (let index = 0; index < 8; index++) {
      await new Promise((resolve) => setTimeout(resolve, 100)); // the beat itself is under test
      feed.send(tick(`2026-11-23T10:00:0${index}.000Z`, 0));
    }
    expect(states.filter(({ live }) => live === 'lost')).toEqual([]);
  });

  test('leaves out frames that are not of the contract and keeps going', async () => {
    client.follow({ url: feed.url, token });
    await becomes('connected');
    feed.send('{ not json');
    feed.send({ type: 'calls', calls: [{ callId: 'x' }], dropped: 0 });
    feed.send({ type: 'surprise' });
    feed.send(tick('2026-11-23T10:00:01.000Z', 1));
    await waitFor('the tick', () => frames.at(-1)?.type === 'tick');
    expect(frames.map(({ type }) => type)).toEqual(['hello', 'snapshot', 'tick']);
    expect(lines.filter((line) => line.startsWith('LiveFrameInvalid'))).toHaveLength(1);
  });

  test('moves to another gateway and hears the first no more', async () => {
    const other = await startLiveFeed();
    other.greet([hello, snapshot]);
    client.follow({ url: feed.url, token });
    await becomes('connected');
    client.follow({ url: other.url, token });
    await waitFor('the second greeting', () => frames.length === 4);
    feed.send(tick('2026-11-23T10:00:01.000Z', 1));
    other.send(tick('2026-11-23T10:00:02.000Z', 1));
    await waitFor('the tick', () => frames.length === 5);
    expect(frames.at(-1)).toMatchObject({ at: '2026-11-23T10:00:02.000Z' });
    client.follow(null);
    expect(client.state()).toMatchObject({ live: 'lost', retryInMs: null });
    await other.stop();
  });
});
