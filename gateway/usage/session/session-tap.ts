/** The tap of a call that became a WebSocket session: copies of both directions go through frame readers into the session's meter. */
import type { Upstream } from '../../config.ts';
import type { RawHeaders } from '../../proxy/exchange.ts';
import { headerValue } from '../header-values.ts';
import type { Route, UsageFacts, UsageTap } from '../usage-facts.ts';
import { openFrameReader, type FrameReader } from './frame-reader.ts';
import { openSessionMeter, type SessionMeter } from './session-meter.ts';

export interface SessionTapOptions {
  readonly upstream: Pick<Upstream, 'provider'>;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of the 101 answer. */
  readonly answerHeaders: RawHeaders;
}

/** Null for a session that nobody described to us: it is passed on and counted, without usage. */
export function openSessionTap(options: SessionTapOptions): UsageTap | null {
  const meter = openSessionMeter(options);
  return meter === null ? null : new SessionTap(meter, headerValue(options.answerHeaders, 'sec-websocket-extensions'));
}

class SessionTap implements UsageTap {
  readonly #meter: SessionMeter;
  readonly #client: FrameReader;
  readonly #server: FrameReader;
  #atMs = 0;

  constructor(meter: SessionMeter, extensions: string | null) {
    this.#meter = meter;
    this.#client = openFrameReader({
      from: 'client',
      extensions,
      onPiece: (piece, isLast) => meter.clientMessage(piece, isLast),
      wants: () => meter.readsClient(),
    });
    this.#server = openFrameReader({
      from: 'server',
      extensions,
      onPiece: (piece, isLast) => meter.serverMessage(piece, isLast, this.#atMs),
    });
  }

  get route(): Route {
    return this.#meter.route;
  }

  requestChunk(chunk: Buffer): void {
    this.#client.write(chunk);
  }

  responseHead(): void {}

  responseChunk(chunk: Buffer, atMs: number): void {
    this.#atMs = atMs;
    this.#server.write(chunk);
  }

  firstTokenMs(): number | null {
    return this.#meter.firstTokenMs();
  }

  peek(): UsageFacts {
    return this.#meter.facts();
  }

  async finish(): Promise<UsageFacts> {
    await Promise.all([this.#client.settle(), this.#server.settle()]);
    const facts = this.#meter.facts();
    const isUnread = facts.usageSource === 'none' && facts.usageFault === null && this.#server.failed();
    return isUnread ? { ...facts, usageFault: 'reader_fault' } : facts;
  }

  parseFailures(): number {
    return this.#meter.parseFailures() + Number(this.#client.failed()) + Number(this.#server.failed());
  }
}
