/**
 * One request on its way to its upstream and the response on its way back.
 *
 * Invariants
 * - The observer sees every byte the client gets (the same buffers) and hears `end` exactly once, whatever happens.
 *   One exception: OpenAI stream usage that the caller did not ask for is seen and not passed on (stream-usage.ts).
 * - What completes the response for the client (the chunk that completes a length, the terminating chunk, the head of a bodyless response, an
 *   error of ours) is held until `end` resolves, at most `holdMs` (P3, P2). Everything before it is passed on as it comes.
 * - After the client left, what a drain still reads is seen and goes nowhere (drain.ts); the call stays `client_aborted`.
 * - A response that cannot be completed as the upstream framed it ends in a broken connection, never in a clean end.
 * - Nothing is buffered: a side that does not read stops the other side's reading.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Upstream } from '../config.ts';
import type { ClientBody } from './client-body.ts';
import type { Drain, Drains } from './drain.ts';
import type { ExchangeEnd, ExchangeObserver, RawHeaders } from './exchange.ts';
import { responseHeaders, trailerPairs } from './headers.ts';
import { holdFor } from './hold.ts';
import { failureAnswer, sendProblem } from './problem-response.ts';
import type { Destination } from './routing.ts';
import type { RunningCalls, Slotted } from './running-calls.ts';
import { fieldOf } from './stream-usage.ts';
import { gatewayUploadUrl } from './upload-url.ts';
import { UsageChunkRemover } from './usage-chunk-remover.ts';
import type { ParsedHead } from './upstream/response-head.ts';
import type { ResponseFraming } from './upstream/response-parser.ts';
import type {
  FailureCode,
  OutgoingRequest,
  UpstreamCall,
  UpstreamClient,
  UpstreamEvents,
  UpstreamFailure,
} from './upstream/upstream-client.ts';
import { runTunnel } from './tunnel.ts';

/** What the forwarded calls of one proxy share. */
export interface Traffic {
  readonly holdMs: number;
  readonly running: RunningCalls<Forwarding>;
  readonly drains: Drains;
  /** The last byte left before the row was durable. */
  countLate(): void;
  noteFailure(failure: UpstreamFailure, callId: string, upstream: Upstream): void;
}

export interface Passage {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly receivedMs: number; // performance.now() at the request's head
  readonly callId: string;
  readonly destination: Destination;
  readonly observer: ExchangeObserver;
  readonly expectsContinue: boolean;
  readonly body: ClientBody;
}

/** Sends a pending head as the bytes it holds; `flushHeaders` would encode it as UTF-8 and change every byte above 0x7f. */
const nothing = Buffer.alloc(0);

export class Forwarding implements UpstreamEvents, Slotted {
  slot = -1;
  readonly #traffic: Traffic;
  readonly #passage: Passage;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #observer: ExchangeObserver;
  #call: UpstreamCall | null = null; // null = nothing goes to or comes from the upstream any more
  #hasBody = false;
  #bodyAttached = false;
  #framing: ResponseFraming = 'none';
  #headPending = false; // written, but not yet on its way
  #held: Buffer | null = null;
  #told = false; // the observer heard `end`
  #slowReader = false;
  #queuedOn: Socket | null = null;
  #tunnel: Socket | null = null;
  #remover: UsageChunkRemover | null = null;
  #drain: Drain | null = null; // the client has left
  #overheadMs = 0;
  #firstByteMs: number | null = null;

  constructor(traffic: Traffic, passage: Passage) {
    this.#traffic = traffic;
    this.#passage = passage;
    this.#req = passage.req;
    this.#res = passage.res;
    this.#observer = passage.observer;
  }

  start(client: UpstreamClient, request: OutgoingRequest): void {
    this.#traffic.running.add(this);
    this.#res.on('close', this.#closed);
    // A pipelined response has no socket yet, and would not hear that the connection went.
    if (this.#res.socket === null) this.#queuedOn = this.#req.socket.once('close', this.#closed);
    this.#hasBody = request.framing !== 'none';
    for (const chunk of this.#passage.body.read) this.#observer.requestBody(chunk);
    this.#call = client.call(request, this);
    this.#overheadMs = this.#elapsed();
  }

  /** Ends the call because the gateway stops. */
  terminate(): void {
    if (this.#told) this.#res.destroy();
    else if (this.#tunnel === null) this.failed({ code: 'gateway_stopping', cause: null });
    else void this.#tell({ kind: 'upstream_failed', code: 'gateway_stopping' });
    this.#tunnel?.destroy();
  }

  ready(call: UpstreamCall): void {
    this.#call = call;
    if (!this.#hasBody) return;
    if (this.#bodyAttached) this.#req.resume();
    else this.#attachBody();
  }

  suspended(): void {
    this.#req.pause();
  }

  drained(): void {
    this.#req.resume();
  }

  information(head: ParsedHead): void {
    if (this.#res.headersSent || this.#req.httpVersion === '1.0') return;
    if (head.statusCode !== 100) this.#res.writeInformation(head.statusCode, [...head.headers]);
    else if (this.#passage.expectsContinue) this.#res.writeContinue();
  }

  head(head: ParsedHead, framing: ResponseFraming): void {
    const atMs = this.#elapsed();
    this.#framing = framing;
    this.#observer.responseHead({ statusCode: head.statusCode, headers: head.headers }, atMs);
    if (framing === 'none') this.#firstByteMs = atMs;
    const { callId, destination } = this.#passage;
    const headers = responseHeaders(head.headers, {
      callId,
      chunked: framing === 'chunked' && this.#req.httpVersion !== '1.0',
      rewriteUploadUrl: (url) => gatewayUploadUrl(url, this.#req, destination),
    });
    this.#res.writeHead(head.statusCode, head.reason, headers);
    this.#headPending = framing !== 'none';
    const isStream = fieldOf(head.headers, 'content-type')?.startsWith('text/event-stream') === true;
    const removable = isStream && framing !== 'length' && fieldOf(head.headers, 'content-encoding') === null;
    if (this.#passage.body.replaced !== null && removable) this.#remover = new UsageChunkRemover();
  }

  body(chunk: Buffer, final: boolean): void {
    const atMs = this.#elapsed();
    this.#firstByteMs ??= atMs;
    if (this.#drain?.takes(chunk.length) === false) return;
    this.#observer.responseBody(chunk, atMs);
    if (this.#drain !== null) return;
    if (final) {
      this.#held = chunk;
      return;
    }
    const passed = this.#remover === null ? chunk : this.#remover.push(chunk);
    if (passed.length === 0) return;
    this.#headPending = false;
    if (!this.#res.write(passed)) this.#waitForReader();
  }

  flush(): void {
    if (!this.#headPending || this.#drain !== null) return;
    this.#headPending = false;
    this.#res.write(nothing);
  }

  end(trailers: RawHeaders): void {
    this.#call = null;
    if (this.#drain !== null) return void this.#drain.end('complete');
    this.#holdUntilDurable({ kind: 'complete' }, () => {
      const pairs = trailers.length === 0 || this.#req.httpVersion === '1.0' ? [] : trailerPairs(trailers);
      if (pairs.length > 0) this.#res.addTrailers(pairs);
      this.#res.end(this.#remover?.flush() ?? this.#held ?? undefined);
      this.#discardRequest();
    });
  }

  upgraded(head: ParsedHead, socket: Socket, rest: Buffer): void {
    this.#call = null;
    this.#tunnel = socket;
    const { callId } = this.#passage;
    this.#observer.responseHead({ statusCode: head.statusCode, headers: head.headers }, this.#elapsed());
    runTunnel(
      { res: this.#res, upstream: socket, head, rest, callId },
      {
        sent: (chunk) => this.#observer.requestBody(chunk),
        received: (chunk) => {
          const atMs = this.#elapsed();
          this.#firstByteMs ??= atMs;
          this.#observer.responseBody(chunk, atMs);
        },
        closed: (end) => {
          if (!this.#told) void this.#tell(end);
          this.#traffic.running.remove(this);
        },
      },
    );
  }

  failed(failure: UpstreamFailure): void {
    this.#call?.abort();
    this.#call = null;
    if (this.#told) return;
    if (this.#drain !== null) return void this.#drain.end('upstream_failed');
    const { callId, destination } = this.#passage;
    this.#traffic.noteFailure(failure, callId, destination.upstream);
    const end = { kind: 'upstream_failed', code: failure.code } as const;
    if (this.#res.headersSent) {
      void this.#tell(end);
      this.#breakOff();
      return;
    }
    this.#holdUntilDurable(end, () => this.#answerFailure(failure.code));
  }

  #answerFailure(code: FailureCode): void {
    const { callId, destination } = this.#passage;
    sendProblem(this.#res, failureAnswer(code, destination.upstream, callId));
    this.#discardRequest();
  }

  #attachBody(): void {
    this.#bodyAttached = true;
    const { read, whole, replaced } = this.#passage.body;
    for (const chunk of replaced === null ? read : [replaced]) this.#call?.write(chunk);
    if (whole) return this.#call?.finish(this.#req.rawTrailers);
    this.#req.on('data', (chunk: Buffer) => {
      if (this.#call === null) return; // the rest of an upload that nobody waits for
      this.#observer.requestBody(chunk);
      if (!this.#call.write(chunk)) this.#req.pause();
    });
    this.#req.on('end', () => this.#call?.finish(this.#req.rawTrailers));
  }

  readonly #closed = (): void => {
    this.#traffic.running.remove(this);
    this.#queuedOn?.off('close', this.#closed);
    if (this.#canDrain()) this.#drain = this.#traffic.drains.begin(this.#letGo);
    if (this.#drain === null) void this.#letGo();
    else this.#call?.resume();
  };

  /** Only an answer that has begun, to a request that is complete: anything else has no usage that a short wait could bring. */
  #canDrain(): boolean {
    return this.#call !== null && !this.#told && this.#framing !== 'none' && this.#req.complete;
  }

  /** Ends what the client left behind. */
  readonly #letGo = async (): Promise<void> => {
    this.#call?.abort();
    this.#call = null;
    if (!this.#told) await this.#tell({ kind: 'client_aborted' });
  };

  #waitForReader(): void {
    this.#call?.pause();
    if (this.#slowReader) return;
    this.#slowReader = true;
    this.#res.on('drain', () => this.#call?.resume());
  }

  #holdUntilDurable(end: ExchangeEnd, release: () => void): void {
    holdFor(this.#tell(end), this.#traffic.holdMs, (late) => {
      if (late) this.#traffic.countLate();
      if (!this.#res.destroyed) release();
    });
  }

  #tell(end: ExchangeEnd): Promise<void> {
    this.#told = true;
    const durationMs = this.#elapsed();
    return this.#observer.end(end, { durationMs, firstByteMs: this.#firstByteMs, overheadMs: this.#overheadMs });
  }

  /** What was passed on still reaches the client, and then its connection breaks as the upstream's did. */
  #breakOff(): void {
    const { socket } = this.#res;
    const endMeansComplete = this.#framing === 'close' && this.#req.httpVersion === '1.0';
    if (socket === null) this.#res.destroy();
    else if (endMeansComplete && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
    else if (endMeansComplete) socket.destroy();
    else socket.destroySoon();
  }

  /** An upload that the answer overtook: its rest is read and dropped, so that the client gets to reading the answer. */
  #discardRequest(): void {
    if (!this.#req.complete) this.#req.resume();
  }

  #elapsed(): number {
    return performance.now() - this.#passage.receivedMs;
  }
}
