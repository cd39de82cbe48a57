/**
 * One tap per exchange: recognises the call from its request line, reads copies of both bodies through the provider's dialect, and tells the
 * facts. Nothing it is fed makes it throw, and nothing it holds grows with the length of a stream (P2, P7).
 */
import type { Upstream } from '../config.ts';
import type { RawHeaders } from '../proxy/exchange.ts';
import type { Dialect, Recognised } from './adapter.ts';
import type { Found } from './body/body-sink.ts';
import { openBodyReader, type BodyReader } from './body/body-reader.ts';
import type { JsonShape } from './body/json-pruner.ts';
import { createDraft, type Draft } from './draft.ts';
import { headerValue } from './header-values.ts';
import type { JobMemory } from './job-memory.ts';
import { isObject } from './json-value.ts';
import { adapters } from './providers.ts';
import { noCounts, type UsageCounts } from './usage-counts.ts';
import type { Route, UsageFacts, UsageTap } from './usage-facts.ts';
import type { UsageFault } from './usage-faults.ts';

export interface TapOptions {
  readonly upstream: Pick<Upstream, 'provider'>;
  readonly method: string;
  readonly path: string; // without query
  /** Only content-type and content-encoding are read. */
  readonly requestHeaders?: RawHeaders;
  /** Jobs of earlier calls; without it no later call brings usage. */
  readonly jobs?: JobMemory | undefined;
}

/** Up to these lengths parsing all is faster than pruning (measured); beyond them a body is not kept. */
const parseRequestUpTo = 16 * 1024;
const parseResponseUpTo = 64 * 1024;

const errorShape: JsonShape = { error: { code: 'keep', status: 'keep', type: 'keep' } };

export function openUsageTap(options: TapOptions): UsageTap {
  return new Tap(adapters[options.upstream.provider].recognise(options), options);
}

class Tap implements UsageTap {
  readonly route: Route;
  readonly #dialect: Dialect;
  readonly #draft: Draft;
  readonly #requestHeaders: RawHeaders;
  #request: BodyReader | null = null;
  #response: BodyReader | null = null;
  readonly #jobs: JobMemory | undefined;
  #answered = false; // a final head came, with an HTTP status below 400
  #failed = false; // HTTP status 400 or above
  #collected = false; // this call brought the usage of an earlier one
  #faults = 0;

  constructor({ route, dialect }: Recognised, { requestHeaders = [], jobs }: TapOptions) {
    this.route = route;
    this.#dialect = dialect;
    this.#requestHeaders = requestHeaders;
    this.#jobs = jobs;
    this.#draft = createDraft(route);
    this.#draft.streamed = route.surface === 'streamGenerateContent' || route.surface === 'live';
  }

  requestChunk(chunk: Buffer): void {
    if (this.#dialect.requestShape === null) return;
    this.#request ??= this.#openRequest(this.#dialect.requestShape);
    this.#guard(() => this.#request?.write(chunk, 0));
  }

  responseHead(statusCode: number, rawHeaders: RawHeaders): void {
    if (statusCode < 200) return; // 1xx: the final head follows
    this.#request?.attempt();
    this.#failed = statusCode >= 400;
    this.#answered = !this.#failed;
    const shape = this.#failed ? errorShape : this.#dialect.responseShape;
    if (!this.#failed) this.#dialect.readHead?.(rawHeaders, this.#draft);
    if (shape !== null) this.#response = this.#openResponse(rawHeaders, shape);
    if (this.#response?.kind === 'sse') this.#draft.streamed = true;
  }

  responseChunk(chunk: Buffer, atMs: number): void {
    this.#guard(() => this.#response?.write(chunk, atMs));
  }

  firstTokenMs(): number | null {
    return this.#draft.ttftMs;
  }

  peek(): UsageFacts {
    this.#guard(() => this.#request?.attempt());
    if (this.#response?.kind === 'sse') this.#guard(() => this.#response?.attempt());
    return this.#facts();
  }

  finish(complete: boolean): Promise<UsageFacts> {
    const waits: Promise<void>[] = [];
    for (const reader of [this.#request, this.#response]) {
      this.#guard(() => {
        const wait = reader?.settle();
        if (wait !== undefined) waits.push(wait);
      });
    }
    if (waits.length === 0) return Promise.resolve(this.#finalFacts(complete));
    return Promise.all(waits).then(
      () => this.#finalFacts(complete),
      () => this.#finalFacts(complete),
    );
  }

  parseFailures(): number {
    return this.#faults + (this.#request?.failures() ?? 0) + (this.#response?.failures() ?? 0);
  }

  #openRequest(shape: JsonShape): BodyReader {
    return openBodyReader({
      contentType: headerValue(this.#requestHeaders, 'content-type'),
      contentEncoding: headerValue(this.#requestHeaders, 'content-encoding'),
      shape,
      isStream: false,
      parseWholeUpTo: parseRequestUpTo,
      onFound: ({ value }) => this.#guard(() => this.#dialect.readRequest(value, this.#draft)),
      skipEvent: () => false,
      repeats: () => null,
    });
  }

  #openResponse(headers: RawHeaders, shape: JsonShape): BodyReader {
    return openBodyReader({
      contentType: headerValue(headers, 'content-type'),
      contentEncoding: headerValue(headers, 'content-encoding'),
      shape,
      isStream: this.#draft.streamed,
      parseWholeUpTo: parseResponseUpTo,
      onFound: (found) => this.#guard(() => this.#read(found)),
      skipEvent: (data, name) => !this.#failed && (this.#dialect.skipEvent?.(data, name, this.#draft) ?? false),
      repeats: (data) => (this.#failed ? null : (this.#dialect.repeats?.(data, this.#draft) ?? null)),
    });
  }

  #read({ value, isEvent, name, atMs }: Found): void {
    const error = value['error'];
    if (isObject(error)) {
      this.#draft.errorCode = this.#dialect.errorCode(error) ?? this.#draft.errorCode;
      this.#draft.outcomeHint = 'upstream_error';
    }
    if (this.#failed) return;
    if (isEvent) this.#dialect.readEvent(value, this.#draft, atMs, name);
    else this.#dialect.readBody(value, this.#draft);
  }

  #facts(): UsageFacts {
    const { units: _units, marks: _marks, noted: _noted, jobId: _jobId, ...draft } = this.#draft;
    const { job } = this.#dialect;
    return {
      ...draft,
      ...(job?.role === 'collects' && !this.#collected ? noCounts : this.#counts()),
      surface: job !== undefined && this.#collected ? job.surface : this.route.surface,
      model: draft.model ?? draft.modelRequested,
      outcomeHint: this.#failed ? null : draft.outcomeHint,
    };
  }

  #finalFacts(complete: boolean): UsageFacts {
    this.#guard(() => this.#settleJob());
    const facts = this.#facts();
    const usageFault = facts.usageSource === 'none' ? (facts.usageFault ?? this.#readingFault(complete)) : null;
    return usageFault === facts.usageFault ? facts : { ...facts, usageFault };
  }

  /** A job is over for this memory when its usage is known; a poll before that tells nothing. */
  #settleJob(): void {
    const { jobId, finishReason } = this.#draft;
    const { job } = this.#dialect;
    if (job === undefined || jobId === null || this.#jobs === undefined || !this.#answered) return;
    const key = `${this.route.provider} ${jobId}`;
    const isKnown = this.#counts().usageSource !== 'none';
    if (job.role === 'starts' && !isKnown) this.#jobs.expect(key);
    if (job.role === 'collects' && isKnown && finishReason !== null) this.#collected = this.#jobs.take(key);
  }

  #counts(): UsageCounts {
    if (!this.#answered) return noCounts;
    try {
      return this.#dialect.counts(this.#draft);
    } catch {
      this.#faults += 1;
      return { ...noCounts, usageFault: 'reader_fault' };
    }
  }

  /** A body that broke off is no fault of its own; what came of it was read. */
  #readingFault(complete: boolean): UsageFault | null {
    if (this.#faults > 0) return 'reader_fault';
    return complete && this.#answered ? (this.#response?.fault() ?? null) : null;
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
