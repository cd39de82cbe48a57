/** What delivery is doing, as health shows it, and the bookkeeping behind it. */
import type { JournalStream } from '../journal/journal.ts';

export interface DeliveryState {
  /** `offline` = the last attempt failed and will be repeated; `needs_attention` = repeating cannot help. */
  readonly phase: 'idle' | 'sending' | 'offline' | 'needs_attention';
  readonly detail: string;
  /** Rows in the journal that the destination does not hold (seqs of removed rows count until they are passed). */
  readonly backlogRows: number;
  /** Stream of the newest row that the destination holds, and its seq: streams are delivered in order, so all before it are there too. */
  readonly streamId: string | null;
  readonly deliveredSeq: number;
  readonly lastDeliveredAt: string | null;
  readonly lastError: string | null;
  readonly deliveredRows: number; // since the process started
  readonly parkedRows: number; // since the process started: set aside because the destination cannot hold them
  readonly damagedRows: number; // since the process started: unreadable in the journal itself
}

const initial: DeliveryState = {
  phase: 'sending',
  detail: 'Reading where the destination stands',
  backlogRows: 0,
  streamId: null,
  deliveredSeq: 0,
  lastDeliveredAt: null,
  lastError: null,
  deliveredRows: 0,
  parkedRows: 0,
  damagedRows: 0,
};

export class DeliveryTally {
  readonly #onState: (state: DeliveryState) => void;
  readonly #waiting = new Map<string, number>();
  #state = initial;

  constructor(onState: (state: DeliveryState) => void) {
    this.#onState = onState;
  }

  state(): DeliveryState {
    return this.#state;
  }

  /** The destination's cursor in a stream, as just read or written. */
  position(stream: JournalStream, cursor: number): void {
    this.#waiting.set(stream.streamId, Math.max(0, stream.lastSeq - Math.max(cursor, stream.firstSeq - 1)));
    const newer = cursor > this.#state.deliveredSeq;
    this.#change(newer ? { streamId: stream.streamId, deliveredSeq: cursor } : {});
  }

  sending(): void {
    this.#change({ phase: 'sending', detail: 'Sending rows' });
  }

  stored(stream: JournalStream, seq: number, rows: number): void {
    this.position(stream, seq);
    this.#change({ lastDeliveredAt: new Date().toISOString(), deliveredRows: this.#state.deliveredRows + rows });
  }

  parked(reason: string): void {
    this.#change({ parkedRows: this.#state.parkedRows + 1, lastError: reason });
  }

  damaged(rows: number): void {
    this.#change({ damagedRows: this.#state.damagedRows + rows });
  }

  caughtUp(): void {
    this.#change({ phase: 'idle', detail: 'All rows delivered' });
  }

  failed(error: unknown, retryInMs: number): void {
    const lastError = error instanceof Error ? error.message : String(error);
    this.#change({
      phase: 'offline',
      detail: `${lastError} (next attempt in ${Math.ceil(retryInMs / 1000)} s)`,
      lastError,
    });
  }

  fenced(detail: string): void {
    this.#change({ phase: 'needs_attention', detail, lastError: detail });
  }

  #change(change: Partial<DeliveryState>): void {
    const backlogRows = this.#waiting.values().reduce((sum, rows) => sum + rows, 0);
    const next = { ...this.#state, ...change, backlogRows };
    if (same(next, this.#state)) return;
    this.#state = next;
    this.#onState(next);
  }
}

function same(a: DeliveryState, b: DeliveryState): boolean {
  const keys = Object.keys(a).filter((key): key is keyof DeliveryState => key in b);
  return keys.every((key) => a[key] === b[key]);
}
