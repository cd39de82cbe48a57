/**
 * One connection to an upstream, used by one call at a time.
 *
 * Time-outs: connecting has its own timer. Afterwards silence is watched: until the response head (`headersTimeoutMs`), then between reads
 * (`idleTimeoutMs`), then between calls. Time in which we wait for the client, because it sends its body slowly or does not read, is not
 * the upstream's and never fails a call. A whole response has no time-out.
 */
import type { Socket } from 'node:net';
import type { RawHeaders } from '../exchange.ts';
import { failureCode } from './failures.ts';
import type { ConnectPhase } from './failures.ts';
import { openSocket } from './open-socket.ts';
import type { Address } from './open-socket.ts';
import { outliveWriteErrors } from './outlive-write-errors.ts';
import { encodeEnd, encodeHead } from './request-text.ts';
import { ResponseParser } from './response-parser.ts';
import type { SilenceWatch, Watched } from './silence-watch.ts';
import type {
  FailureCode,
  OutgoingRequest,
  UpstreamEvents,
  UpstreamFailure,
  UpstreamLimits,
} from './upstream-client.ts';

/** A call as its connection sees it. */
export interface ConnectedCall {
  readonly request: OutgoingRequest;
  readonly events: UpstreamEvents;
  /** The request's head went out on this connection. */
  started(connection: Connection): void;
  /** The response is complete: the connection is no longer this call's. */
  released(): void;
  /** `unanswered` = a kept connection broke before any byte of a response. */
  broke(failure: UpstreamFailure, unanswered: boolean): void;
}

/** What the pool wants to hear. */
export interface ConnectionOwner {
  readonly limits: UpstreamLimits;
  readonly watch: SilenceWatch;
  readonly tlsSession: Buffer | undefined;
  keepTlsSession(session: Buffer): void;
  idle(connection: Connection, keepAliveMs: number | null): void;
  gone(connection: Connection): void;
}

const chunkEnd = '\r\n';

export class Connection implements Watched {
  readonly #owner: ConnectionOwner;
  readonly #parser = new ResponseParser();
  readonly #socket: Socket;
  #phase: ConnectPhase = 'tcp';
  #call: ConnectedCall | null;
  #connectTimer: NodeJS.Timeout | null;
  #served = 0;
  #answered = false;
  #sent = false; // the whole request was handed to the socket
  #refused = false; // the upstream takes no more of the request; its answer may still come
  #paused = false;
  #corked = false;
  idleSince = 0;
  silentSteps = 0;
  allowedMs = Number.POSITIVE_INFINITY; // while connecting: that has its own timer

  constructor(address: Address, owner: ConnectionOwner, call: ConnectedCall) {
    this.#owner = owner;
    this.#call = call;
    const socket = openSocket(address, owner.tlsSession);
    this.#socket = socket;
    outliveWriteErrors(socket, () => this.#stopWriting());
    this.#connectTimer = setTimeout(() => this.#fail('upstream_timeout', null), owner.limits.connectTimeoutMs);
    socket.once('connect', () => (this.#phase = address.secure ? 'tls' : 'up'));
    socket.once(address.secure ? 'secureConnect' : 'connect', () => this.#up());
    if (address.secure) socket.on('session', (session: Buffer) => owner.keepTlsSession(session));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#fail(failureCode(error, this.#phase), error));
    socket.on('close', () => {
      owner.watch.remove(this);
      this.#ended();
    });
    owner.watch.add(this);
  }

  get usable(): boolean {
    return !this.#socket.destroyed && this.#call === null;
  }

  /** Sends a request's head on this idle connection; its body follows through {@link write}. */
  start(call: ConnectedCall): void {
    const { request } = call;
    this.#call = call;
    this.#answered = false;
    this.#sent = request.framing === 'none';
    this.#parser.expect(request.method, request.upgrade, call.events);
    this.#allow(this.#owner.limits.headersTimeoutMs);
    if (!this.#sent) this.#cork();
    this.#socket.write(encodeHead(request), 'latin1');
    call.started(this);
    // One packet for the head and the first piece of the body: a piece at hand is read in a tick that `started` queued before this one.
    if (this.#corked) process.nextTick(uncorkLater, this);
  }

  write(chunk: Buffer): boolean {
    if (this.#refused) return true;
    const socket = this.#socket;
    this.silentSteps = 0;
    if (this.#call?.request.framing !== 'chunked') {
      const room = socket.write(chunk);
      this.#uncork();
      return room;
    }
    if (chunk.length === 0) return true; // an empty chunk would end the body
    if (!this.#corked) this.#cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const room = socket.write(chunkEnd, 'latin1');
    this.#uncork();
    return room;
  }

  finish(trailers: RawHeaders): void {
    if (this.#sent || this.#refused) return;
    this.#sent = true;
    this.silentSteps = 0;
    if (this.#call?.request.framing === 'chunked') this.#socket.write(encodeEnd(trailers), 'latin1');
    this.#uncork();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.silentSteps = 0;
    this.#socket.resume();
  }

  /** Closes the connection at once; its call, if any, hears nothing more. */
  destroy(): void {
    this.#call = null;
    this.#parser.stop();
    this.#stopConnectTimer();
    this.#socket.destroy();
  }

  #up(): void {
    this.#phase = 'up';
    this.#stopConnectTimer();
    const call = this.#call;
    this.#call = null;
    if (call !== null) this.start(call);
  }

  #read(chunk: Buffer): void {
    const call = this.#call;
    if (call === null) return this.destroy(); // bytes that nobody asked for: never read them as the next response
    this.silentSteps = 0;
    this.#answered = true;
    const invalid = this.#parser.feed(chunk);
    if (this.#call !== call) return; // aborted meanwhile
    if (invalid !== null) return this.#fail('upstream_reset', new Error(`Invalid response: ${invalid}.`));
    if (this.#parser.upgraded !== null) return this.#handOver(call);
    if (this.#parser.done) return this.#release(call);
    if (this.#parser.headSeen) this.allowedMs = this.#owner.limits.idleTimeoutMs;
    call.events.flush();
  }

  /** The response is complete: keep the connection when both sides can. */
  #release(call: ConnectedCall): void {
    call.released();
    const keep =
      this.#parser.reusable &&
      this.#sent &&
      !this.#refused &&
      this.#socket.writableLength === 0 &&
      !this.#socket.destroyed;
    if (!keep) return this.destroy();
    this.#call = null;
    this.#served += 1;
    if (this.#paused) this.resume();
    this.#owner.idle(this, this.#parser.keepAliveMs);
  }

  /** An idle connection may stay for this long. */
  keepFor(idleMs: number): void {
    this.idleSince = performance.now();
    this.#allow(idleMs);
  }

  #handOver(call: ConnectedCall): void {
    const { upgraded } = this.#parser;
    if (upgraded === null) return;
    const socket = this.#socket;
    this.#call = null;
    call.released();
    socket.pause();
    socket.removeAllListeners();
    socket.on('error', () => socket.destroy());
    this.#owner.watch.remove(this);
    this.#owner.gone(this);
    call.events.upgraded(upgraded.head, socket, upgraded.rest);
  }

  /** The upstream sent FIN, or the socket closed. */
  #ended(): void {
    this.#owner.gone(this);
    const call = this.#call;
    if (call === null) return this.destroy();
    if (this.#phase !== 'up') return this.#fail(this.#phase === 'tls' ? 'upstream_tls' : 'upstream_refused', null);
    if (this.#answered && this.#parser.finish()) this.#release(call);
    else if (this.#call === call) this.#fail('upstream_reset', null);
  }

  silent(): void {
    if (this.#call === null) return this.destroy();
    if (this.#waitsForClient(this.#call)) this.silentSteps = 0;
    else this.#fail('upstream_timeout', null);
  }

  /** It does not read, or its body is still to come. What it sent and the upstream has not taken is the upstream's to answer for. */
  #waitsForClient(call: ConnectedCall): boolean {
    if (this.#paused) return true;
    return !this.#sent && !this.#refused && !this.#socket.writableNeedDrain && call.events.waitsForClient();
  }

  #allow(silenceMs: number): void {
    this.silentSteps = 0;
    this.allowedMs = silenceMs;
  }

  /** The rest of the upload has nowhere to go, and its answer is still to be read. False = there is no call to answer. */
  #stopWriting(): boolean {
    if (this.#call === null) return false;
    this.#refused = true;
    this.#drained();
    return true;
  }

  #drained(): void {
    this.silentSteps = 0;
    this.#call?.events.drained();
  }

  #fail(code: FailureCode, cause: unknown): void {
    const call = this.#call;
    const unanswered = this.#served > 0 && !this.#answered && code === 'upstream_reset';
    this.destroy();
    this.#owner.gone(this);
    call?.broke({ code, cause }, unanswered);
  }

  #cork(): void {
    this.#corked = true;
    this.#socket.cork();
  }

  #uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }

  #stopConnectTimer(): void {
    if (this.#connectTimer !== null) clearTimeout(this.#connectTimer);
    this.#connectTimer = null;
  }

  static uncork(connection: Connection): void {
    connection.#uncork();
  }
}

const uncorkLater = Connection.uncork;
