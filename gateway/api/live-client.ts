/**
 * One reader of the live stream. A reader that keeps up gets every frame; one that is behind (its send buffer is full) gets the newest tick,
 * health and alerts when it catches up and the number of calls it missed, and is closed when it stays behind.
 *
 * Everything goes out through one door with one bound (P7): while a reader is behind, nothing is broadcast to it and nothing is read from it, so
 * it cannot ask for more. What one read had already brought is answered, and {@link createMessageRate} bounds that.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Filter } from '../../contract/analytics.ts';
import { topics, type ClientFrame, type ServerFrame, type Topic } from '../../contract/gateway-api.ts';
import { isEmptyFilter, matches } from '../live/filter.ts';
import { createMessageRate, type MessageRateLimits } from './message-rate.ts';

export interface LiveClientLimits extends MessageRateLimits {
  /** Bytes waiting to be sent above which a reader is behind. */
  readonly behindBytes: number;
  /** How long a reader may stay behind. */
  readonly behindMs: number;
  /** How long a reader that was closed for flooding may take to read that it was. */
  readonly floodGraceMs: number;
}

/** Of these the newest frame says all. */
type LatestOnly = Exclude<Topic, 'calls' | 'inflight'>;
export type TopicFrame = Extract<ServerFrame, { type: Topic }>;

/** Close codes: https://www.iana.org/assignments/websocket/ */
const closing = { policyViolation: 1008, tryAgainLater: 1013 } as const;

export class LiveClient {
  readonly socket: WebSocket;
  readonly #limits: LiveClientLimits;
  readonly #admits: () => boolean;
  readonly #topics = new Set<Topic>(topics);
  readonly #latest = new Map<LatestOnly, string>(); // what a slow reader gets instead of everything
  #filter: Filter | null = null;
  #behindSinceMs: number | null = null;
  #missedCalls = 0;
  #isFlooding = false;
  #isAlive = true; // something came since the last ping

  /** @param transport the connection below `socket`, which says when its buffer has emptied */
  constructor(socket: WebSocket, transport: Duplex, limits: LiveClientLimits) {
    this.socket = socket;
    this.#limits = limits;
    this.#admits = createMessageRate(limits);
    transport.on('drain', () => this.#look());
  }

  /** Sends a broadcast frame; `text` is its serialisation, made once for everybody. */
  offer(frame: TopicFrame, text: () => string): void {
    if (!this.#isOpen() || !this.#topics.has(frame.type)) return;
    if (this.#look()) return this.#miss(frame, text);
    this.#catchUp();
    const own = this.#narrowed(frame);
    if (own === frame) this.#put(text());
    else if (own !== null) this.#put(JSON.stringify(own));
  }

  /** Sends a frame meant for this reader alone. */
  send(frame: ServerFrame): void {
    if (this.#isOpen()) this.#put(JSON.stringify(frame));
  }

  /** Answers a ping of the protocol. */
  pong(data: Buffer): void {
    if (!this.#isOpen()) return;
    this.socket.pong(data);
    this.#look();
  }

  /** Pings the reader, or drops it when nothing has come since the ping before. One that is not read from cannot answer. */
  beat(): void {
    if (this.#look()) return;
    if (!this.#isAlive) return this.socket.terminate();
    this.#isAlive = false;
    if (this.#isOpen()) this.socket.ping();
  }

  /** Whether what just came may be looked at. A reader that sends more than any client has to say is closed. */
  admits(): boolean {
    this.#isAlive = true;
    if (!this.#isOpen()) return false;
    if (this.#admits()) return true;
    this.#closeForFlooding();
    return false;
  }

  subscribe(frame: Extract<ClientFrame, { type: 'subscribe' }>): void {
    frame.topics.forEach((topic) => this.#topics.add(topic));
    if (frame.filter !== undefined) this.#filter = isEmptyFilter(frame.filter) ? null : frame.filter;
  }

  unsubscribe(frame: Extract<ClientFrame, { type: 'unsubscribe' }>): void {
    frame.topics.forEach((topic) => this.#topics.delete(topic));
  }

  /** Closes a reader that has been behind for longer than allowed. */
  closeIfLost(): void {
    if (!this.#isOpen() || !this.#look() || this.#behindSinceMs === null) return;
    if (performance.now() - this.#behindSinceMs > this.#limits.behindMs)
      this.socket.close(closing.tryAgainLater, 'Too slow');
  }

  /** The one way out for frames. */
  #put(text: string): void {
    this.socket.send(text);
    this.#look();
  }

  #isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Whether the reader is behind; reading from it stops and goes on with that. */
  #look(): boolean {
    const isBehind = this.socket.bufferedAmount > this.#limits.behindBytes;
    if (isBehind === (this.#behindSinceMs !== null)) return isBehind;
    this.#behindSinceMs = isBehind ? performance.now() : null;
    if (isBehind) this.socket.pause();
    else if (!this.#isFlooding) this.#readAgain();
    return isBehind;
  }

  /** An answer to an earlier ping may be waiting to be read. */
  #readAgain(): void {
    this.#isAlive = true;
    this.socket.resume();
  }

  /** Nothing more is read: going through a flood to find the answer to our close would be what the flood wants. */
  #closeForFlooding(): void {
    this.#isFlooding = true;
    this.socket.close(closing.policyViolation, 'Too many messages');
    this.socket.pause();
    setTimeout(() => this.socket.terminate(), this.#limits.floodGraceMs).unref();
  }

  #miss(frame: TopicFrame, text: () => string): void {
    if (frame.type === 'calls') this.#missedCalls += frame.calls.length + frame.dropped;
    else if (frame.type !== 'inflight') this.#latest.set(frame.type, text());
  }

  #catchUp(): void {
    for (const text of this.#latest.values()) this.#put(text);
    this.#latest.clear();
    if (this.#missedCalls === 0) return;
    this.#put(JSON.stringify({ type: 'calls', calls: [], dropped: this.#missedCalls } satisfies ServerFrame));
    this.#missedCalls = 0;
  }

  /** The frame as the reader's filter leaves it; the same object when nothing is left out, null when nothing is left. */
  #narrowed(frame: TopicFrame): TopicFrame | null {
    const filter = this.#filter;
    if (filter === null || (frame.type !== 'calls' && frame.type !== 'inflight')) return frame;
    const kept =
      frame.type === 'calls'
        ? { ...frame, calls: frame.calls.filter((call) => matches(filter, call)) }
        : { ...frame, calls: frame.calls.filter((call) => matches(filter, call)) };
    if (kept.calls.length === frame.calls.length) return frame;
    return kept.calls.length === 0 && !(kept.type === 'calls' && kept.dropped > 0) ? null : kept;
  }
}
