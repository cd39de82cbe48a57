/**
 * One tap per exchange: recognises the call from its request line, reads copies of both bodies through the provider's dialect, and tells the
 * facts. Nothing it is fed makes it throw, and nothing it holds grows with the length of a stream (P2, P7).
 */
import type { Provider } from '../../contract/usage-record.ts';
import type { Upstream } from '../config.ts';
import type { RawHeaders } from '../proxy/exchange.ts';
import type { Dialect, ProviderAdapter } from './adapter.ts';
import { anthropicAdapter } from './anthropic/anthropic-adapter.ts';
import type { Found } from './body/body-sink.ts';
import { openBodyReader, type BodyReader } from './body/body-reader.ts';
import type { JsonShape } from './body/json-pruner.ts';
import { createDraft, type Draft } from './draft.ts';
import { googleAdapter } from './google/google-adapter.ts';
import { headerValue } from './header-values.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { openaiAdapter } from './openai/openai-adapter.ts';
import { otherAdapter } from './other/other-adapter.ts';
import { noCounts, type UsageCounts } from './usage-counts.ts';
import type { Route, UsageFacts, UsageTap } from './usage-facts.ts';

const adapters: Readonly<Record<Provider, ProviderAdapter>> = {
  google: googleAdapter,
  openai: openaiAdapter,
  anthropic: anthropicAdapter,
  other: otherAdapter,
};

export interface TapOptions {
  readonly upstream: Pick<Upstream, 'provider'>;
  readonly method: string;
  readonly path: string; // without query
  /** Only content-type and content-encoding are read. */
  readonly requestHeaders?: RawHeaders;
}

/** Up to these lengths parsing all is faster than pruning (measured); beyond them a body is not kept. */
const parseRequestUpTo = 16 * 1024;
const parseResponseUpTo = 64 * 1024;

const errorShape: JsonShape = { error: { code: 'keep', status: 'keep', type: 'keep' } };

export function openUsageTap(options: TapOptions): UsageTap {
  const { route, dialect } = adapters[options.upstream.provider].recognise(options);
  return new Tap(route, dialect, options.requestHeaders ?? []);
}

class Tap implements UsageTap {
  readonly route: Route;
  readonly #dialect: Dialect;
  readonly #draft: Draft;
  readonly #requestHeaders: RawHeaders;
  #request: BodyReader | null = null;
  #response: BodyReader | null = null;
  #failed = false; // HTTP status 400 or above
  #faults = 0;
  #counted: { readonly usage: JsonObject; readonly counts: UsageCounts } | null = null;

  constructor(route: Route, dialect: Dialect, requestHeaders: RawHeaders) {
    this.route = route;
    this.#dialect = dialect;
    this.#requestHeaders = requestHeaders;
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
    return this.#facts();
  }

  finish(_complete: boolean): Promise<UsageFacts> {
    const waits: Promise<void>[] = [];
    for (const reader of [this.#request, this.#response]) {
      this.#guard(() => {
        const wait = reader?.settle();
        if (wait !== undefined) waits.push(wait);
      });
    }
    if (waits.length === 0) return Promise.resolve(this.#facts());
    return Promise.all(waits).then(
      () => this.#facts(),
      () => this.#facts(),
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
    const { nativeUsage, ...draft } = this.#draft;
    const counts = nativeUsage === null ? noCounts : this.#countsOf(nativeUsage);
    return {
      ...draft,
      ...counts,
      surface: this.route.surface,
      model: draft.model ?? draft.modelRequested,
      outcomeHint: this.#failed ? null : draft.outcomeHint,
      nativeUsage,
    };
  }

  /** A usage object is never changed in place, so its counts are computed once. */
  #countsOf(usage: JsonObject): UsageCounts {
    if (this.#counted?.usage !== usage) this.#counted = { usage, counts: this.#dialect.counts(usage) };
    return this.#counted.counts;
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
