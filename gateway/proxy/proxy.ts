/**
 * The transparent reverse proxy: requests that are not the gateway's own come here, are routed by path, forwarded byte for byte, and told to an
 * observer. It imports nothing of metering.
 */
import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayConfig, Upstream } from '../config.ts';
import { createCallIds } from './call-id.ts';
import { Drains, type DrainCounter } from './drain.ts';
import type { OpenExchange } from './exchange.ts';
import { Forwarding } from './forwarding.ts';
import type { RunningCall, Traffic } from './passage.ts';
import { fieldOf, requestHeaders } from './headers.ts';
import { openObserved } from './observed.ts';
import { ReceivedHead } from './received-head.ts';
import { createRefusals } from './refusals.ts';
import type { Refusals } from './refusals.ts';
import { createRouter } from './routing.ts';
import { mayNeedStreamUsage } from './stream-usage.ts';
import type { Router } from './routing.ts';
import { RunningCalls } from './running-calls.ts';
import { UsageQuestion, UsageQuestions } from './usage-question.ts';
import { createPooledClient } from './upstream/pooled-client.ts';
import type { UpstreamClient, UpstreamFailure, UpstreamLimits } from './upstream/upstream-client.ts';

/** The part of a logger the proxy uses (pino's shape). */
export interface ProxyLog {
  warn(fields: object, message: string): void;
}

export interface ProxyOptions {
  readonly upstreams: readonly Upstream[];
  readonly openExchange: OpenExchange;
  readonly config: GatewayConfig['proxy'];
  readonly log?: ProxyLog;
  /** Hears how each drain ended. */
  readonly drains?: Pick<DrainCounter, 'count'>;
  /** The transport to an upstream; kept connections over node:net and node:tls unless told otherwise. */
  readonly connect?: (origin: URL, limits: UpstreamLimits) => UpstreamClient;
}

export interface ProxyCounters {
  readonly observerFaults: number; // exceptions of the observer that were kept away from the stream
  readonly lateReleases: number; // responses completed before their row was durable (P2 over P3)
}

export interface Proxy {
  handle(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Calls whose response has not ended for the client. */
  inFlight(): number;
  counters(): ProxyCounters;
  /** Refuses new calls, waits for running ones, breaks off those that still run after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>;
}

const googleKeyHeader = 'x-goog-api-key';
const drainStepMs = 10;
const faultsPerLogLine = 1000;

/** A proxy over the configured upstreams. The caller owns the HTTP server (see server.ts) and sends it what is not the gateway's own. */
export function createProxy(options: ProxyOptions): Proxy {
  return new TransparentProxy(options);
}

class TransparentProxy implements Proxy, Traffic {
  readonly holdMs: number;
  readonly idleTimeoutMs: number;
  readonly running = new RunningCalls<RunningCall>();
  readonly drains: Drains;
  readonly #openExchange: OpenExchange;
  readonly #log: ProxyLog | undefined;
  readonly #clients = new Map<Upstream, UpstreamClient>();
  readonly #route: Router;
  readonly #refusals: Refusals;
  readonly #nextCallId = createCallIds();
  #observerFaults = 0;
  #lateReleases = 0;
  #stopping = false;
  /** Null = nobody is asked. */
  readonly #questions: UsageQuestions | null;

  constructor({ upstreams, openExchange, config, log, drains, connect = createPooledClient }: ProxyOptions) {
    this.holdMs = config.holdMs;
    this.drains = new Drains(config.drainMs, drains);
    this.idleTimeoutMs = config.idleTimeoutMs;
    this.#questions = config.includeStreamUsage ? new UsageQuestions() : null;
    this.#openExchange = openExchange;
    this.#log = log;
    for (const upstream of upstreams) this.#clients.set(upstream, connect(upstream.origin, config));
    this.#route = createRouter(upstreams);
    this.#refusals = createRefusals(upstreams.map(({ name }) => name));
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    this.#forward(req, res, false);
  }

  upgrade(req: IncomingMessage, _socket: Duplex, head: Buffer): void {
    if (head.length > 0) req.socket.unshift(head);
    this.#forward(req, responseOn(req), true);
  }

  inFlight(): number {
    return this.running.size;
  }

  counters(): ProxyCounters {
    return { observerFaults: this.#observerFaults, lateReleases: this.#lateReleases };
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    await this.#endDrains();
    await this.#drained(deadlineMs);
    for (const forwarding of this.running.all()) forwarding.terminate();
    await this.#endDrains(); // of clients that left meanwhile
    await this.#drained(this.holdMs + drainStepMs); // a terminated call still gets its row and its answer
    for (const client of this.#clients.values()) client.stop();
  }

  countLate(): void {
    this.#lateReleases += 1;
  }

  noteFailure({ code, cause }: UpstreamFailure, callId: string, upstream: Upstream): void {
    const reason = cause instanceof Error ? cause.message : null;
    this.#log?.warn({ callId, upstream: upstream.name, code, reason }, 'ProxyUpstreamFailed');
  }

  #forward(req: IncomingMessage, res: ServerResponse, upgrade: boolean): void {
    const receivedMs = performance.now();
    res.sendDate = false;
    if (this.#refusals.isDistrusted(req.socket) || !req.socket.writable) return; // nothing after the last answer
    if (this.#stopping) return this.#refusals.stopping(res);
    const { method = 'GET', url = '', httpVersion, rawHeaders } = req;
    const routed = this.#route(url, () => fieldOf(rawHeaders, googleKeyHeader) !== null);
    if (routed.kind === 'bad_target') return this.#refusals.framing(req, res, routed.reason);
    if (routed.kind === 'unknown_upstream') return this.#refusals.unknownUpstream(res);
    const { destination, target, pathLength } = routed;
    const { upstream } = destination;
    const client = this.#clients.get(upstream);
    if (client === undefined) return this.#refusals.unknownUpstream(res);
    const checked = requestHeaders(rawHeaders, { host: upstream.origin.host, upgrade, httpVersion });
    if ('refused' in checked) return this.#refusals.framing(req, res, checked.refused);
    const { headers, framing, expectsContinue } = checked;
    const callId = this.#nextCallId();
    const head = new ReceivedHead(callId, upstream, method, target, pathLength, req);
    const observer = openObserved(this.#openExchange, head, this.#onObserverFault);
    const request = { method, target, headers, framing, upgrade };
    const path = target.slice(0, pathLength);
    const mayAsk = this.#questions !== null && mayNeedStreamUsage({ upstream, method, path, request: checked });
    const question = mayAsk ? new UsageQuestion(this.#questions, `${upstream.name} ${path}`) : null;
    const passage = { req, res, receivedMs, callId, destination, observer, expectsContinue, client, request, question };
    new Forwarding(this, passage).start();
  }

  /** Their rows get the time that a call's row gets, no more. */
  async #endDrains(): Promise<void> {
    if (this.drains.size > 0) await Promise.race([this.drains.stop(), sleep(this.holdMs + drainStepMs)]);
  }

  async #drained(deadlineMs: number): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (this.inFlight() > 0 && performance.now() < deadline) await sleep(drainStepMs);
  }

  readonly #onObserverFault = (error: unknown): void => {
    this.#observerFaults += 1;
    if (this.#observerFaults % faultsPerLogLine !== 1) return;
    this.#log?.warn({ err: error, observerFaults: this.#observerFaults }, 'ProxyObserverFault');
  };
}

/** A response on a connection that Node gave up as an upgrade; the answer to it is the last thing on the connection. */
function responseOn(req: IncomingMessage): ServerResponse {
  const { socket } = req;
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket);
  socket.on('error', () => socket.destroy());
  res.on('finish', () => socket.destroySoon());
  return res;
}
