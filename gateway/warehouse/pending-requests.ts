/**
 * Requests that wait for the warehouse process. None can wait for ever: each ends with an answer, the caller's abort, the death of the
 * process or a deadline. Ages are counted in ticks of the watch, so a machine that slept does not expire what it never got to ask.
 */
import type { Answer } from '../../contract/errors.ts';
import { AppError } from '../../contract/errors.ts';
import type { Request, WorkKind } from './protocol.ts';
import type { RepriceTally } from './repricing/tally.ts';

export interface Deadlines {
  /** A request that the process has not even been able to hear, or a process that says nothing meanwhile. */
  readonly silentMs: number;
  /** A question. */
  readonly totalMs: number;
  /** What changes or visits another system: see {@link longKinds}. */
  readonly longMs: number;
}

/** A suspended Snowflake warehouse has to resume first, and a retention run may have a year of days to remove. */
const longKinds: ReadonlySet<WorkKind> = new Set([
  'sync',
  'testSnowflake',
  'setupSnowflake',
  'audit',
  'previewRetention',
  'applyRetention',
  'reprice', // as long as it tells progress
]);

export type OnProgress = (progress: RepriceTally) => void;

interface Pending {
  readonly request: Request;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: OnProgress | undefined;
  sent: boolean;
  ageMs: number;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type NewRequest = WithoutId<Request>;

const unavailable = (detail: string) => new AppError('warehouse_unavailable', detail);

export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** `onAbort` is told when the caller gave up on a request that was sent. */
  add(
    fresh: NewRequest,
    signal: AbortSignal | undefined,
    onAbort: (id: number) => void,
    onProgress?: OnProgress,
  ): Promise<unknown> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const abort = () => {
        const sent = this.#end(id)?.sent ?? false;
        reject(new AppError('cancelled', 'The question was cancelled', { cause: signal?.reason }));
        if (sent) onAbort(id);
      };
      if (signal?.aborted === true) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      const settled = () => signal?.removeEventListener('abort', abort);
      this.#pending.set(id, {
        request: { ...fresh, id },
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
        onProgress,
        sent: false,
        ageMs: 0,
      });
    });
  }

  /** Requests not handed to any process yet; they count as sent from now on. */
  takeUnsent(): Request[] {
    const unsent = [...this.#pending.values()].filter((pending) => !pending.sent);
    for (const pending of unsent) pending.sent = true;
    return unsent.map((pending) => pending.request);
  }

  /** A request that gets on is not overdue. */
  progress(id: number, progress: RepriceTally): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.ageMs = 0;
    pending.onProgress?.(progress);
  }

  answer(id: number, answer: Answer<unknown>): void {
    const pending = this.#end(id);
    if (answer.ok) pending?.resolve(answer.value);
    else
      pending?.reject(
        new AppError(answer.code, answer.message, answer.field === undefined ? {} : { field: answer.field }),
      );
  }

  /** The process died: what it had been sent is lost, what it had not is kept for the next one. */
  failSent(detail: string): void {
    this.#failWhere((pending) => pending.sent, unavailable(detail));
  }

  failAll(detail: string): void {
    this.#failWhere(() => true, unavailable(detail));
  }

  /** Counts time and ends what is overdue; returns the ids of sent requests that ran out of time while the process was talking. */
  tick(elapsedMs: number, processSilentMs: number, deadlines: Deadlines): number[] {
    for (const pending of this.#pending.values()) pending.ageMs += elapsedMs;
    this.#failWhere(
      ({ ageMs, sent }) => ageMs >= deadlines.silentMs && (!sent || processSilentMs >= deadlines.silentMs),
      unavailable('The warehouse process does not answer'),
    );
    return [
      ...this.#expire((kind) => !longKinds.has(kind), deadlines.totalMs),
      ...this.#expire((kind) => longKinds.has(kind), deadlines.longMs),
    ];
  }

  #expire(concerns: (kind: WorkKind) => boolean, limitMs: number): number[] {
    return this.#failWhere(
      ({ ageMs, request }) => ageMs >= limitMs && concerns(request.kind),
      new AppError('timeout', `No answer within ${limitMs / 1000} s`),
    );
  }

  #failWhere(overdue: (pending: Pending) => boolean, error: AppError): number[] {
    const ids = [...this.#pending].filter(([, pending]) => overdue(pending)).map(([id]) => id);
    for (const id of ids) this.#end(id)?.reject(error);
    return ids;
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
