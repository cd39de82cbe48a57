/**
 * One request on its way to its upstream and the response on its way back.
 *
 * Invariants
 * - The observer sees every byte the client gets (the same buffers) and hears `end` exactly once, whatever happens.
 *   One exception: OpenAI stream usage that the caller did not ask for is seen and not passed on (usage-question.ts).
 * - What completes the response for the client (the chunk that completes a length, the terminating chunk, the head of a bodyless response, an
 *   error of ours) is held until `end` resolves, at most `holdMs` (P3, P2). Everything before it is passed on as it comes.
 * - After the client left, what a drain still reads is seen and goes nowhere (drain.ts); the call stays `client_aborted`.
 * - A response that cannot be completed as the upstream framed it ends in a broken connection, never in a clean end.
 * - Nothing is buffered: a side that does not read stops the other side's reading (upload.ts, reply.ts).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { openEdit } from './answer-edit.ts';
import { AskedAnswer } from './asked-answer.ts';
import { ClientPresence } from './client-presence.ts';
import type { Drain } from './drain.ts';
import type { ExchangeEnd, ExchangeObserver, RawHeaders } from './exchange.ts';
import { responseHeaders } from './headers.ts';
import { holdFor } from './hold.ts';
import type { Passage, RunningCall, Traffic } from './passage.ts';
import { failureAnswer, sendProblem } from './problem-response.ts';
import { Reply } from './reply.ts';
import type { ReplyEvents } from './reply.ts';
import { runTunnel } from './tunnel.ts';
import { Upload } from './upload.ts';
import { gatewayUploadUrl } from './upload-url.ts';
import type { ParsedHead } from './upstream/response-head.ts';
import type { ResponseFraming } from './upstream/response-parser.ts';
import type {
  FailureCode,
  OutgoingRequest,
  UpstreamCall,
  UpstreamEvents,
  UpstreamFailure,
} from './upstream/upstream-client.ts';
import { largestEditedBody } from './stream-usage.ts';
import type { UsageQuestion } from './usage-question.ts';

export class Forwarding implements UpstreamEvents, ReplyEvents, RunningCall {
  slot = -1;
  readonly #traffic: Traffic;
  readonly #passage: Passage;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #observer: ExchangeObserver;
  readonly #upload: Upload;
  readonly #reply: Reply;
  readonly #presence: ClientPresence;
  #call: UpstreamCall | null = null; // null = nothing goes to or comes from the upstream any more
  #told = false; // the observer heard `end`
  #queuedOn: Socket | null = null;
  #tunnel: Socket | null = null;
  #drain: Drain | null = null; // the client has left
  #sentMs = 0; // the request's head went out
  #awaitedMs = 0; // spent waiting for the client's body before that
  #observedMs = 0;
  #firstByteMs: number | null = null;

  constructor(traffic: Traffic, passage: Passage) {
    const { req, res, observer } = passage;
    this.#traffic = traffic;
    this.#passage = passage;
    this.#req = req;
    this.#res = res;
    this.#observer = observer;
    this.#upload = new Upload(req, this.#uploaded);
    this.#reply = new Reply(req, res, this);
    this.#presence = new ClientPresence(req, res);
  }

  start(): void {
    this.#traffic.running.add(this);
    this.#res.on('close', this.#closed);
    // A pipelined response has no socket yet, and would not hear that the connection went.
    if (this.#res.socket === null) {
      this.#queuedOn = this.#req.socket.once('close', this.#closed);
      this.#queuedOn.setMaxListeners(0); // one for each request that waits
    }
    this.#presence.watch();
    const { question, request } = this.#passage;
    if (question === null) return this.#send(request, this);
    const fromMs = this.#elapsed();
    this.#upload.readAhead(largestEditedBody, (whole) => {
      this.#awaitedMs = this.#elapsed() - fromMs;
      this.#sendAsking(question, whole);
    });
  }

  terminate(): void {
    if (this.#told) this.#res.destroy();
    else if (this.#tunnel === null) this.failed({ code: 'gateway_stopping', cause: null });
    else void this.#tell({ kind: 'upstream_failed', code: 'gateway_stopping' });
    this.#tunnel?.destroy();
  }

  ready(call: UpstreamCall): void {
    this.#call = call;
    this.#sentMs = this.#elapsed();
    if (this.#passage.request.framing !== 'none') this.#upload.flowTo(call);
  }

  suspended(): void {
    this.#upload.suspend();
  }

  drained(): void {
    this.#upload.room();
  }

  waitsForClient(): boolean {
    return this.#upload.isAwaited;
  }

  information(head: ParsedHead): void {
    this.#reply.information(head, this.#passage.expectsContinue);
  }

  head(head: ParsedHead, framing: ResponseFraming): void {
    const atMs = this.#elapsed();
    this.#observer.responseHead({ statusCode: head.statusCode, headers: head.headers }, atMs);
    this.#observedMs += this.#elapsed() - atMs;
    if (framing === 'none') this.#firstByteMs = atMs;
    const { callId, destination, question } = this.#passage;
    question?.answered(head.statusCode);
    const edit = question?.isAsked === true && framing !== 'none' ? openEdit(head.headers, this.#reply) : null;
    const isHttp10 = this.#req.httpVersion === '1.0';
    const passedFraming = edit === null ? framing : isHttp10 ? 'close' : 'chunked';
    const headers = responseHeaders(head.headers, {
      callId,
      chunked: passedFraming === 'chunked' && !isHttp10,
      reframed: passedFraming !== framing,
      upgradeConnection: head.statusCode !== 426 ? null : this.#res.shouldKeepAlive ? 'Upgrade' : 'Upgrade, close',
      rewriteUploadUrl: (url) => gatewayUploadUrl(url, this.#req, destination),
    });
    this.#reply.head(head, headers, passedFraming, edit);
  }

  body(chunk: Buffer, final: boolean): void {
    const atMs = this.#elapsed();
    this.#firstByteMs ??= atMs;
    if (this.#drain?.takes(chunk.length) === false) return;
    this.#observer.responseBody(chunk, atMs);
    this.#observedMs += this.#elapsed() - atMs;
    if (this.#drain === null && !this.#reply.body(chunk, final)) this.#call?.pause();
  }

  room(): void {
    this.#call?.resume();
  }

  flush(): void {
    if (this.#drain === null) this.#reply.flush();
  }

  end(trailers: RawHeaders): void {
    this.#call = null;
    if (this.#drain !== null) return void this.#drain.end('complete');
    this.#holdUntilDurable({ kind: 'complete' }, () => {
      this.#reply.end(trailers);
      this.#upload.drop();
    });
  }

  upgraded(head: ParsedHead, socket: Socket, rest: Buffer): void {
    this.#call = null;
    this.#tunnel = socket;
    this.#presence.stop();
    const { callId } = this.#passage;
    this.#observer.responseHead({ statusCode: head.statusCode, headers: head.headers }, this.#elapsed());
    runTunnel(
      { res: this.#res, upstream: socket, head, rest, callId, stuckMs: this.#traffic.idleTimeoutMs },
      {
        sent: this.#uploaded,
        received: (chunk) => {
          const atMs = this.#elapsed();
          this.#firstByteMs ??= atMs;
          this.#observer.responseBody(chunk, atMs);
          this.#observedMs += this.#elapsed() - atMs;
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
    if (this.#reply.hasBegun) {
      void this.#tell(end);
      this.#reply.breakOff();
      this.#upload.drop();
      return;
    }
    this.#holdUntilDurable(end, () => this.#answerFailure(failure.code));
  }

  unreadable(cause: unknown): void {
    if (this.#told) return this.#reply.breakOff();
    this.failed({ code: 'upstream_reset', cause });
  }

  #send(request: OutgoingRequest, events: UpstreamEvents): void {
    this.#call = this.#passage.client.call(request, events);
    if (this.#sentMs === 0) this.#sentMs = this.#elapsed();
  }

  /** The body decides what is sent; null = it is too long to be looked at. */
  #sendAsking(question: UsageQuestion, whole: Buffer | null): void {
    if (this.#told || this.#res.destroyed) return;
    const { request } = this.#passage;
    const asked = whole === null ? null : question.ask(request, whole);
    if (asked === null || whole === null) return this.#send(request, this);
    this.#upload.replaceAhead(asked.body);
    const again = (): void => {
      if (this.#told || this.#res.destroyed) return;
      this.#upload.replaceAhead(whole);
      this.#send(request, this);
    };
    this.#send(asked.request, new AskedAnswer(question, this, again));
  }

  #answerFailure(code: FailureCode): void {
    const { callId, destination } = this.#passage;
    sendProblem(this.#res, failureAnswer(code, destination.upstream, callId));
    this.#upload.drop();
  }

  readonly #uploaded = (chunk: Buffer): void => {
    const fromMs = performance.now();
    this.#observer.requestBody(chunk);
    this.#observedMs += performance.now() - fromMs;
  };

  readonly #closed = (): void => {
    this.#traffic.running.remove(this);
    this.#queuedOn?.off('close', this.#closed);
    this.#presence.stop();
    this.#upload.close();
    this.#reply.discard();
    if (this.#canDrain()) this.#drain = this.#traffic.drains.begin(this.#letGo);
    if (this.#drain === null) void this.#letGo();
    else this.#call?.resume();
  };

  /** Only an answer that has begun, to a request that is complete: anything else has no usage that a short wait could bring. */
  #canDrain(): boolean {
    return this.#call !== null && !this.#told && this.#reply.hasBody && this.#req.complete;
  }

  /** Ends what the client left behind. */
  readonly #letGo = async (): Promise<void> => {
    this.#call?.abort();
    this.#call = null;
    if (!this.#told) await this.#tell({ kind: 'client_aborted' });
  };

  #holdUntilDurable(end: ExchangeEnd, release: () => void): void {
    holdFor(this.#tell(end, true), this.#traffic.holdMs, (late) => {
      if (late) this.#traffic.countLate();
      if (!this.#res.destroyed) release();
    });
  }

  #tell(end: ExchangeEnd, answerWaits = false): Promise<void> {
    this.#told = true;
    const durationMs = this.#elapsed();
    const overheadMs = Math.max(0, this.#sentMs - this.#awaitedMs + this.#observedMs);
    return this.#observer.end(end, { durationMs, firstByteMs: this.#firstByteMs, overheadMs, answerWaits });
  }

  #elapsed(): number {
    return performance.now() - this.#passage.receivedMs;
  }
}
