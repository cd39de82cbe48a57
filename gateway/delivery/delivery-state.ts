/** What delivery is doing, as health shows it, and the bookkeeping behind it. */
import type { DeliveryPhase } from '../../contract/snowflake.ts';
import type { BacklogSize } from './backlog.ts';
import { DestinationFault } from './destination.ts';

export interface DeliveryState {
  /** `offline` = the last attempt failed and will be repeated; `needs_attention` = somebody has to act, and then it goes on by itself. */
  readonly phase: DeliveryPhase;
  readonly detail: string;
  /** Rows in the journal that the destination does not hold (seqs of removed rows count until they are passed). */
  readonly backlogRows: number;
  readonly backlogBytes: number | null; // estimate; null without a pace
  readonly oldestWaitingAt: string | null;
  /** When what waits leaves on its own, or is tried again. */
  readonly nextDeliveryAt: string | null;
  /** Stream of the newest row that the destination holds, and its seq: streams are delivered in order, so all before it are there too. */
  readonly streamId: string | null;
  readonly deliveredSeq: number;
  readonly lastDeliveredAt: string | null;
  readonly lastError: string | null;
  /** The one thing somebody should do, in plain words. */
  readonly action: string | null;
  readonly deliveredRows: number; // since the process started
  readonly parkedRows: number; // since the process started: set aside because the destination cannot hold them
  readonly damagedRows: number; // since the process started: unreadable in the journal itself
}

/** Nothing is known yet. */
export const beforeDelivery: DeliveryState = {
  phase: 'sending',
  detail: 'Reading where the destination stands',
  backlogRows: 0,
  backlogBytes: null,
  oldestWaitingAt: null,
  nextDeliveryAt: null,
  streamId: null,
  deliveredSeq: 0,
  lastDeliveredAt: null,
  lastError: null,
  action: null,
  deliveredRows: 0,
  parkedRows: 0,
  damagedRows: 0,
};

const phaseOf = { offline: 'offline', lock: 'waiting_for_lock', attention: 'needs_attention' } as const;

export class DeliveryTally {
  readonly #onState: (state: DeliveryState) => void;
  #state = beforeDelivery;
  #parkedReason: string | null = null;

  constructor(onState: (state: DeliveryState) => void) {
    this.#onState = onState;
  }

  state(): DeliveryState {
    return this.#state;
  }

  backlog({ rows, bytes, oldestStartedMs }: BacklogSize): void {
    const oldestWaitingAt = oldestStartedMs === null ? null : new Date(oldestStartedMs).toISOString();
    this.#change({ backlogRows: rows, backlogBytes: bytes, oldestWaitingAt });
  }

  /** The destination holds everything up to `seq` of this stream. */
  position(streamId: string, seq: number): void {
    if (seq > this.#state.deliveredSeq) this.#change({ streamId, deliveredSeq: seq });
  }

  sending(): void {
    this.#change({ phase: 'sending', detail: 'Sending rows', nextDeliveryAt: null });
  }

  stored(streamId: string, seq: number, rows: number, waitingRows: number): void {
    this.position(streamId, seq);
    this.#change({
      lastDeliveredAt: new Date().toISOString(),
      deliveredRows: this.#state.deliveredRows + rows,
      backlogRows: waitingRows,
    });
  }

  parked(reason: string): void {
    this.#parkedReason = reason;
    this.#change({ parkedRows: this.#state.parkedRows + 1, lastError: reason });
  }

  damaged(rows: number): void {
    this.#change({ damagedRows: this.#state.damagedRows + rows });
  }

  caughtUp(): void {
    this.#change({ ...this.#well(), detail: 'All rows delivered', nextDeliveryAt: null });
  }

  /** Rows wait for their time. */
  waits(dueInMs: number): void {
    const detail = 'Rows wait for the next delivery';
    this.#change({ ...this.#well(), detail, nextDeliveryAt: this.#instantIn(dueInMs) });
  }

  failed(error: unknown, retryInMs: number): void {
    const lastError = error instanceof Error ? error.message : String(error);
    const fault = error instanceof DestinationFault ? error : null;
    this.#change({
      phase: phaseOf[fault?.kind ?? 'offline'],
      detail: `${lastError} (next attempt in ${Math.ceil(retryInMs / 1000)} s)`,
      lastError,
      action: fault?.action ?? null,
      nextDeliveryAt: this.#instantIn(retryInMs),
    });
  }

  fenced(detail: string, action: string): void {
    this.#change({ phase: 'needs_attention', detail, lastError: detail, action, nextDeliveryAt: null });
  }

  #well(): Pick<DeliveryState, 'phase' | 'lastError' | 'action'> {
    return { phase: 'idle', lastError: this.#parkedReason, action: null };
  }

  /** An instant that moved by less than a second is the same one: looks repeat, and each would be news. */
  #instantIn(ms: number): string {
    const known = this.#state.nextDeliveryAt;
    const atMs = Date.now() + ms;
    const isSame = known !== null && Math.abs(Date.parse(known) - atMs) < 1_000;
    return isSame ? known : new Date(atMs).toISOString();
  }

  #change(change: Partial<DeliveryState>): void {
    const next = { ...this.#state, ...change };
    if (same(next, this.#state)) return;
    this.#state = next;
    this.#onState(next);
  }
}

function same(a: DeliveryState, b: DeliveryState): boolean {
  const keys = Object.keys(a).filter((key): key is keyof DeliveryState => key in b);
  return keys.every((key) => a[key] === b[key]);
}
