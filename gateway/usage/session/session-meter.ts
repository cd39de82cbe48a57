/**
 * Usage of one WebSocket session, folded from copies of its messages: JSON in text or binary frames, whole or in fragments. The proxy feeds
 * it and asks for the totals whenever it likes. Nothing it is fed makes it throw, and what it holds does not grow with the session.
 */
import type { Upstream } from '../../config.ts';
import type { SessionDialect, SessionLine } from '../adapter.ts';
import type { BodyFault } from '../body/body-sink.ts';
import { JsonSink } from '../body/json-sink.ts';
import type { JsonShape } from '../body/json-pruner.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { JsonObject } from '../json-value.ts';
import { adapters } from '../providers.ts';
import { noCounts, type UsageCounts } from '../usage-counts.ts';
import type { Route, UsageFacts } from '../usage-facts.ts';
import type { UsageFault } from '../usage-faults.ts';

export interface SessionMeter {
  readonly route: Route;
  /** True while a client message can still tell something. */
  readsClient(): boolean;
  /** A message, or a piece of one: `isLast` ends it. */
  clientMessage(chunk: Buffer, isLast: boolean): void;
  serverMessage(chunk: Buffer, isLast: boolean, atMs: number): void;
  /** Milliseconds from the start of the session to the first thing the model made. */
  firstTokenMs(): number | null;
  /** Totals so far: of a running session, and of one that ended in any way. */
  facts(): UsageFacts;
  /** Turns that reported usage, the running one included. */
  turns(): number;
  /** Messages that were no JSON. */
  parseFailures(): number;
}

export interface SessionOptions extends SessionLine {
  readonly upstream: Pick<Upstream, 'provider'>;
}

/** Null for a WebSocket whose messages nobody described to us: it is a call without usage. */
export function openSessionMeter({ upstream, path, query }: SessionOptions): SessionMeter | null {
  const dialect = adapters[upstream.provider].openSession?.({ path, query }) ?? null;
  return dialect === null ? null : new Session(dialect);
}

/** Longer messages are pruned as they come: sound and pictures in base64 are not parsed. */
const parseWholeUpTo = 4 * 1024;

class Session implements SessionMeter {
  readonly #dialect: SessionDialect;
  readonly #draft: Draft;
  readonly #client: Messages;
  readonly #server: Messages;
  #atMs = 0;
  #faults = 0;

  constructor(dialect: SessionDialect) {
    this.#dialect = dialect;
    this.#draft = createDraft(dialect.route);
    this.#draft.streamed = true;
    this.#client = new Messages(dialect.clientShape, (message) => dialect.readClient(message, this.#draft));
    this.#server = new Messages(dialect.serverShape, (message) => dialect.readServer(message, this.#draft, this.#atMs));
  }

  get route(): Route {
    return this.#dialect.route;
  }

  readsClient(): boolean {
    return this.#dialect.readsClient(this.#draft);
  }

  clientMessage(chunk: Buffer, isLast: boolean): void {
    if (this.#client.isIdle() && !this.readsClient()) return this.#client.pass(isLast);
    this.#guard(() => this.#client.write(chunk, isLast));
  }

  serverMessage(chunk: Buffer, isLast: boolean, atMs: number): void {
    this.#atMs = atMs;
    this.#guard(() => this.#server.write(chunk, isLast));
  }

  firstTokenMs(): number | null {
    return this.#draft.ttftMs;
  }

  facts(): UsageFacts {
    const { units: _units, marks: _marks, noted: _noted, jobId: _jobId, ...draft } = this.#draft;
    const counts = this.#counts();
    const usageFault = counts.usageSource === 'none' ? (counts.usageFault ?? this.#readingFault()) : null;
    return {
      ...draft,
      ...counts,
      usageFault,
      surface: this.route.surface,
      model: draft.model ?? draft.modelRequested,
    };
  }

  turns(): number {
    return this.#dialect.turns(this.#draft);
  }

  parseFailures(): number {
    return this.#faults + this.#client.failures + this.#server.failures;
  }

  #counts(): UsageCounts {
    try {
      return this.#dialect.counts(this.#draft);
    } catch {
      this.#faults += 1;
      return { ...noCounts, usageFault: 'reader_fault' };
    }
  }

  #readingFault(): UsageFault | null {
    return this.#faults > 0 ? 'reader_fault' : this.#server.fault;
  }

  /** A fault in reading must not reach the proxy (P2); it is counted. */
  #guard(step: () => void): void {
    try {
      step();
    } catch {
      this.#faults += 1;
    }
  }
}

/** The messages of one direction, each a JSON object of any size. */
class Messages {
  failures = 0;
  fault: BodyFault | null = null;
  readonly #shape: JsonShape;
  readonly #onMessage: (message: JsonObject) => void;
  #open: JsonSink | null = null;
  #passing = false;

  constructor(shape: JsonShape, onMessage: (message: JsonObject) => void) {
    this.#shape = shape;
    this.#onMessage = onMessage;
  }

  isIdle(): boolean {
    return this.#open === null;
  }

  /** A message nobody needs to read; its later pieces are no beginning of another. */
  pass(isLast: boolean): void {
    this.#passing = !isLast;
  }

  write(chunk: Buffer, isLast: boolean): void {
    if (this.#passing) return this.pass(isLast);
    const sink = this.#open ?? new JsonSink(this.#shape, parseWholeUpTo, ({ value }) => this.#onMessage(value));
    this.#open = isLast ? null : sink;
    sink.write(chunk, 0);
    if (!isLast) return;
    sink.settle();
    this.failures += sink.failures();
    this.fault ??= sink.fault();
  }
}
