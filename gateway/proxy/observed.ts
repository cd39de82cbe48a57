/** The one place where an observer is called: nothing it throws reaches the stream, and every fault is counted. */
import type {
  ExchangeEnd,
  ExchangeObserver,
  ExchangeTimes,
  OpenExchange,
  RequestHead,
  ResponseHead,
} from './exchange.ts';

export type OnObserverFault = (error: unknown) => void;

const silent: ExchangeObserver = {
  requestBody() {},
  responseHead() {},
  responseBody() {},
  end: () => Promise.resolve(),
};

/** Opens an observer that never throws and whose `end` never rejects. */
export function openObserved(open: OpenExchange, head: RequestHead, onFault: OnObserverFault): ExchangeObserver {
  try {
    return new Observed(open(head), onFault);
  } catch (error) {
    onFault(error);
    return silent;
  }
}

class Observed implements ExchangeObserver {
  readonly #inner: ExchangeObserver;
  readonly #onFault: OnObserverFault;

  constructor(inner: ExchangeObserver, onFault: OnObserverFault) {
    this.#inner = inner;
    this.#onFault = onFault;
  }

  requestBody(chunk: Buffer): void {
    try {
      this.#inner.requestBody(chunk);
    } catch (error) {
      this.#onFault(error);
    }
  }

  responseHead(head: ResponseHead, atMs: number): void {
    try {
      this.#inner.responseHead(head, atMs);
    } catch (error) {
      this.#onFault(error);
    }
  }

  responseBody(chunk: Buffer, atMs: number): void {
    try {
      this.#inner.responseBody(chunk, atMs);
    } catch (error) {
      this.#onFault(error);
    }
  }

  async end(end: ExchangeEnd, times: ExchangeTimes): Promise<void> {
    try {
      await this.#inner.end(end, times);
    } catch (error) {
      this.#onFault(error);
    }
  }
}
