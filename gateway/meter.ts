/**
 * The observer the proxy reports to: each exchange becomes one journal row and one row of the live tail.
 *
 * Invariants: nothing here throws or rejects into the proxy (P2); a row is opened while the upstream works and closed before `end` resolves
 * (P3); prompts, keys and query values never enter a record (P5).
 */
import type { Journal } from './journal/journal.ts';
import type { LiveHub } from './live/hub.ts';
import type { PriceBook } from './pricing/price-book.ts';
import type {
  ExchangeEnd,
  ExchangeObserver,
  ExchangeTimes,
  OpenExchange,
  RequestHead,
  ResponseHead,
} from './proxy/exchange.ts';
import type { Attribution } from './usage/attribution.ts';
import type { CallSecrets } from './usage/call-secrets.ts';
import {
  callRecord,
  callStart,
  inFlightCall,
  toMicroseconds,
  type CallRecord,
  type CallStart,
  type Measured,
} from './usage/call-record.ts';
import { createJobMemory, type JobMemory } from './usage/job-memory.ts';
import { outcomeOf } from './usage/outcome.ts';
import { safeFacts } from './usage/safe-facts.ts';
import { openSessionTap } from './usage/session/session-tap.ts';
import type { UsageFacts, UsageTap } from './usage/usage-facts.ts';
import type { UsageFaultCounter } from './usage/usage-faults.ts';
import { openUsageTap } from './usage/usage-tap.ts';

export interface MeterOptions {
  readonly journal: Pick<Journal, 'open' | 'progress' | 'close' | 'streamId'>;
  readonly hub: Pick<LiveHub, 'callStarted' | 'callProgressed' | 'callEnded'>;
  readonly prices: Pick<PriceBook, 'price'>;
  readonly attribution: Attribution;
  /** Longest wait for the journal at the end of a call (P2). */
  readonly holdMs: number;
  /** Counts calls whose usage could not be read, by reason. */
  readonly usageFaults?: Pick<UsageFaultCounter, 'count'>;
  /** Told of faults of the meter itself, which never reach the proxy. */
  readonly onFault?: (error: unknown) => void;
}

const progressEveryMs = 1_000;
const closingBrace = 0x7d;
const switchingProtocols = 101;

export function createMeter(options: MeterOptions): OpenExchange {
  const guard = createGuard(options.onFault);
  const jobs = createJobMemory();
  return (head) => guard(() => new MeteredExchange(head, options, guard, jobs)) ?? unobserved;
}

type Guard = <T>(step: () => T) => T | undefined;

function createGuard(onFault: MeterOptions['onFault']): Guard {
  return (step) => {
    try {
      return step();
    } catch (error) {
      onFault?.(error);
      return undefined;
    }
  };
}

/** What the proxy gets when a call could not even be recognised. */
const unobserved: ExchangeObserver = {
  requestBody: () => undefined,
  responseHead: () => undefined,
  responseBody: () => undefined,
  end: () => Promise.resolve(),
};

const stillRunning: Pick<Measured, 'outcome' | 'errorCode' | 'durationMs' | 'overheadMs'> = {
  outcome: 'interrupted', // what an open row is, should this process die
  errorCode: null,
  durationMs: null,
  overheadMs: null,
};

type HeldTimes = Pick<Measured, 'durationMs' | 'overheadMs'>;

class MeteredExchange implements ExchangeObserver {
  readonly #head: RequestHead;
  readonly #options: MeterOptions;
  readonly #guard: Guard;
  #tap: UsageTap;
  readonly #secrets: CallSecrets;
  readonly #start: CallStart;
  #requestBytes = 0;
  #responseBytes = 0;
  #statusCode: number | null = null;
  #firstByteMs: number | null = null;
  #lastProgressMs = 0;
  #lastUsage: unknown = null;
  #asked = false; // the request body was looked at for the live tail
  #tokenTold = false;
  #ended = false;
  #modelTimer: NodeJS.Timeout | undefined; // a long call without a stream: the journal learns its model too

  constructor(head: RequestHead, options: MeterOptions, guard: Guard, jobs: JobMemory) {
    this.#head = head;
    this.#options = options;
    this.#guard = guard;
    this.#tap = openUsageTap({
      upstream: head.upstream,
      method: head.method,
      path: head.path,
      requestHeaders: head.headers,
      jobs,
    });
    this.#secrets = options.attribution.secretsOf(head);
    this.#start = callStart(head, this.#tap.route, options.attribution, this.#secrets);
    const facts = this.#peek();
    guard(() => options.journal.open(this.#runningRecord(facts)));
    guard(() => options.hub.callStarted(inFlightCall(this.#start, facts)));
  }

  requestBody(chunk: Buffer): void {
    this.#requestBytes += chunk.length;
    this.#guard(() => this.#tap.requestChunk(chunk));
    if (this.#asked || this.#tap.route.modelRequested !== null || chunk.at(-1) !== closingBrace) return;
    this.#asked = true; // after the chunk has gone out: reading it is not the upstream's business
    setImmediate(() => this.#guard(() => this.#tellModel()));
  }

  responseHead(head: ResponseHead, atMs: number): void {
    this.#statusCode = head.statusCode;
    this.#firstByteMs ??= atMs;
    if (head.statusCode === switchingProtocols) this.#guard(() => this.#beginSession(head));
    this.#guard(() => this.#tap.responseHead(head.statusCode, head.headers));
  }

  responseBody(chunk: Buffer, atMs: number): void {
    this.#responseBytes += chunk.length;
    this.#guard(() => this.#tap.responseChunk(chunk, atMs));
    if (!this.#tokenTold && this.#tap.firstTokenMs() !== null) this.#tellToken();
    if (atMs - this.#lastProgressMs >= progressEveryMs) this.#tellProgress(atMs);
  }

  async end(end: ExchangeEnd, times: ExchangeTimes): Promise<void> {
    this.#ended = true;
    const held = this.#holdClock(times);
    clearTimeout(this.#modelTimer);
    try {
      const facts = safeFacts(await this.#tap.finish(end.kind === 'complete'), this.#secrets);
      if (facts.usageFault !== null) this.#options.usageFaults?.count(facts.usageFault);
      const record = { ...this.#endedRecord(facts, end, times), ...held() };
      await this.#close(record, times.answerWaits, held);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  /** The live tail hears of the end even when the journal could not take it: a row in memory is better than a call that never ends. */
  async #close(record: CallRecord, answerWaits: boolean, held: () => HeldTimes): Promise<void> {
    const { journal, hub } = this.#options;
    try {
      const closed = await journal.close(record, this.#options.holdMs, answerWaits);
      hub.callEnded({ ...record, ...held(), streamId: closed.streamId, seq: closed.durable ? closed.seq : 0 });
    } catch (error) {
      this.#options.onFault?.(error);
      hub.callEnded({ ...record, ...held(), streamId: journal.streamId, seq: 0 });
    }
  }

  /** Duration and overhead with what the answer has waited for its row until it is asked, at most the longest hold. */
  #holdClock({ durationMs, overheadMs, answerWaits }: ExchangeTimes): () => HeldTimes {
    const fromMs = performance.now();
    return () => {
      const heldMs = answerWaits ? Math.min(performance.now() - fromMs, this.#options.holdMs) : 0;
      return { durationMs: toMicroseconds(durationMs + heldMs), overheadMs: toMicroseconds(overheadMs + heldMs) };
    };
  }

  /** From here on the bytes are frames. */
  #beginSession({ headers }: ResponseHead): void {
    const { upstream, path, query } = this.#head;
    this.#tap = openSessionTap({ upstream, path, query, answerHeaders: headers }) ?? this.#tap;
  }

  /** The tap's facts are never used as they are: an upstream may have echoed a secret in them. */
  #peek(): UsageFacts {
    return safeFacts(this.#tap.peek(), this.#secrets);
  }

  #tellModel(): void {
    if (this.#ended) return;
    const facts = this.#peek();
    if (facts.modelRequested === null) return;
    this.#options.hub.callProgressed(inFlightCall(this.#start, facts));
    this.#modelTimer = setTimeout(() => {
      this.#guard(() => this.#options.journal.progress(this.#runningRecord(this.#peek())));
    }, progressEveryMs).unref();
  }

  #tellToken(): void {
    this.#tokenTold = true;
    this.#guard(() => this.#options.hub.callProgressed(inFlightCall(this.#start, this.#peek())));
  }

  #tellProgress(atMs: number): void {
    this.#lastProgressMs = atMs;
    this.#guard(() => {
      const facts = this.#peek();
      if (facts.nativeUsage === this.#lastUsage) return;
      this.#lastUsage = facts.nativeUsage;
      this.#options.journal.progress(this.#runningRecord(facts));
    });
  }

  #runningRecord(facts: UsageFacts): CallRecord {
    return callRecord(this.#start, facts, { ...stillRunning, ...this.#measured(), ...this.#price(facts, false) });
  }

  #endedRecord(facts: UsageFacts, end: ExchangeEnd, times: ExchangeTimes): CallRecord {
    const isFinal = end.kind === 'complete' || facts.finishReason !== null;
    return callRecord(this.#start, facts, {
      ...this.#measured(),
      ...this.#price(facts, isFinal),
      outcome: outcomeOf(end, this.#statusCode, facts.outcomeHint),
      errorCode: end.kind === 'upstream_failed' ? end.code : facts.errorCode,
      durationMs: toMicroseconds(times.durationMs),
      firstByteMs: toMicroseconds(times.firstByteMs),
      overheadMs: toMicroseconds(times.overheadMs), // both without the hold
    });
  }

  #measured(): Pick<Measured, 'statusCode' | 'firstByteMs' | 'requestBytes' | 'responseBytes'> {
    return {
      statusCode: this.#statusCode,
      firstByteMs: toMicroseconds(this.#firstByteMs),
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
    };
  }

  #price(facts: UsageFacts, isFinal: boolean): Pick<Measured, 'costUsd' | 'costSource' | 'priceVersion'> {
    return this.#options.prices.price({
      provider: this.#tap.route.provider,
      startedAt: this.#head.startedAt,
      facts,
      isFinal,
    });
  }
}
