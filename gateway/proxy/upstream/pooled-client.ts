/**
 * A client with kept connections, as many at once as there are calls (long streams must not queue behind each other).
 *
 * A kept connection may have been closed by the upstream while a request is on its way. Three defences, in this order: idle connections are
 * read, so a FIN is seen at once; one that sat idle is used only after a turn of the event loop, in which a FIN that has already arrived is
 * processed; and a request that met a dead one is sent again on a fresh connection, but only when the upstream cannot have acted on it
 * (RFC 9110 §9.2.2): no byte of the response came, and either the method is idempotent and has no body, or no byte of the body was sent.
 */
import type { RawHeaders } from '../exchange.ts';
import { Connection } from './connection.ts';
import type { ConnectedCall, ConnectionOwner } from './connection.ts';
import type { Address } from './open-socket.ts';
import { createSilenceWatch } from './silence-watch.ts';
import type { SilenceWatch } from './silence-watch.ts';
import type {
  OutgoingRequest,
  UpstreamCall,
  UpstreamClient,
  UpstreamEvents,
  UpstreamFailure,
  UpstreamLimits,
} from './upstream-client.ts';

/** Common servers close idle connections after 5 s unless they say otherwise. */
const defaultKeepMs = 4_000;
const longestKeepMs = 60_000;
const keepMarginMs = 1_000;
const keptConnections = 256;
/** Idle for longer than this: look for a FIN before use. */
const settledMs = 500;
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export function createPooledClient(origin: URL, limits: UpstreamLimits): UpstreamClient {
  return new Pool(addressOf(origin), limits);
}

class Pool implements UpstreamClient, ConnectionOwner {
  readonly limits: UpstreamLimits;
  readonly watch: SilenceWatch;
  readonly #address: Address;
  readonly #free: Connection[] = [];
  #tlsSession: Buffer | undefined;
  #stopped = false;

  constructor(address: Address, limits: UpstreamLimits) {
    this.#address = address;
    this.limits = limits;
    this.watch = createSilenceWatch(Math.min(limits.headersTimeoutMs, limits.idleTimeoutMs, defaultKeepMs));
  }

  call(request: OutgoingRequest, events: UpstreamEvents): UpstreamCall {
    const call = new Call(request, events, this.#connect);
    this.#assign(call);
    return call;
  }

  stop(): void {
    this.#stopped = true;
    for (const connection of this.#free.splice(0)) connection.destroy();
  }

  get tlsSession(): Buffer | undefined {
    return this.#tlsSession;
  }

  keepTlsSession(session: Buffer): void {
    this.#tlsSession = session;
  }

  idle(connection: Connection, keepAliveMs: number | null): void {
    const keepMs = Math.min(keepAliveMs === null ? defaultKeepMs : keepAliveMs - keepMarginMs, longestKeepMs);
    if (this.#stopped || keepMs <= 0 || this.#free.length >= keptConnections) return connection.destroy();
    connection.keepFor(keepMs);
    this.#free.push(connection);
  }

  gone(connection: Connection): void {
    const index = this.#free.lastIndexOf(connection);
    if (index !== -1) this.#free.splice(index, 1);
  }

  #assign(call: Call): void {
    const connection = this.#free.pop();
    if (connection === undefined) return this.#connect(call);
    if (performance.now() - connection.idleSince < settledMs) return connection.start(call);
    setImmediate(() => {
      if (!connection.usable) this.#assign(call);
      else if (call.aborted) this.idle(connection, null);
      else connection.start(call);
    });
  }

  readonly #connect = (call: Call): void => {
    if (!call.aborted) call.connecting(new Connection(this.#address, this, call));
  };
}

class Call implements UpstreamCall, ConnectedCall {
  readonly request: OutgoingRequest;
  readonly events: UpstreamEvents;
  readonly #again: (call: Call) => void;
  #connection: Connection | null = null;
  #bodySent = false;
  aborted = false;

  constructor(request: OutgoingRequest, events: UpstreamEvents, again: (call: Call) => void) {
    this.request = request;
    this.events = events;
    this.#again = again;
  }

  connecting(connection: Connection): void {
    this.#connection = connection;
  }

  started(connection: Connection): void {
    this.#connection = connection;
    this.events.ready(this);
  }

  released(): void {
    this.#connection = null;
  }

  broke(failure: UpstreamFailure, unanswered: boolean): void {
    this.#connection = null;
    if (this.aborted) return;
    const { framing, method } = this.request;
    const replayable = framing === 'none' ? idempotent.has(method) : !this.#bodySent;
    if (!unanswered || !replayable) return this.events.failed(failure);
    this.events.suspended();
    this.#again(this);
  }

  write(chunk: Buffer): boolean {
    this.#bodySent = true;
    return this.#connection?.write(chunk) ?? true;
  }

  finish(trailers: RawHeaders): void {
    this.#bodySent = true;
    this.#connection?.finish(trailers);
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    this.aborted = true;
    this.#connection?.destroy();
    this.#connection = null;
  }
}

function addressOf(origin: URL): Address {
  const secure = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  return { secure, host, port: origin.port === '' ? (secure ? 443 : 80) : Number(origin.port) };
}
