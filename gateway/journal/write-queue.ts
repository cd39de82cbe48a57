/**
 * What waits for the journal's thread, bounded in rows and bytes (P7). A close takes its own waiting open with it, so a short call costs one
 * row. When the bound is reached, running rows give way first (oldest first: they only matter after a crash), then new ended rows are refused
 * and counted by the caller.
 */
import { sharedClockMs } from './held.ts';
import type { PendingClose } from './pending-close.ts';
import type { Batch, ClosedRow, OpenedRow, ProgressRow } from './protocol.ts';

export interface QueueLimits {
  readonly rows: number;
  readonly bytes: number; // of JSON text
  readonly batchRows: number;
  readonly batchBytes: number;
}

/** What left the queue and is not durable yet; it counts against the same bound. */
export interface InFlight {
  readonly rows: number;
  readonly bytes: number;
}

export interface PendingBatch {
  readonly batch: Batch;
  readonly bytes: number; // of JSON text
  readonly waiters: readonly PendingClose[]; // one per close
}

interface QueuedClose {
  readonly row: ClosedRow;
  readonly waiter: PendingClose;
}

export class WriteQueue {
  readonly #limits: QueueLimits;
  readonly #opens = new Map<string, OpenedRow>();
  readonly #progress = new Map<string, ProgressRow>();
  readonly #delivered = new Map<string, number>();
  #closes: QueuedClose[] = [];
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#closes.length + this.#opens.size + this.#progress.size + this.#delivered.size === 0;
  }

  get closedRows(): number {
    return this.#closes.length;
  }

  /** JSON bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Everyone whose row still waits here. */
  waiters(): PendingClose[] {
    return this.#closes.map(({ waiter }) => waiter);
  }

  open(row: OpenedRow, inFlight: InFlight): void {
    this.#opens.set(row.callId, row);
    this.#bytes += row.record.length;
    this.#discardRunning(inFlight);
  }

  progress(row: ProgressRow, inFlight: InFlight): void {
    const opened = this.#opens.get(row.callId);
    if (opened === undefined) {
      this.#bytes += row.record.length - (this.#progress.get(row.callId)?.record.length ?? 0);
      this.#progress.set(row.callId, row);
    } else {
      this.#bytes += row.record.length - opened.record.length;
      this.#opens.set(row.callId, { ...opened, record: row.record });
    }
    this.#discardRunning(inFlight);
  }

  /** False when there is no room: the row is lost. */
  close(row: ClosedRow, inFlight: InFlight, waiter: PendingClose): boolean {
    this.#drop(this.#opens, row.callId);
    this.#drop(this.#progress, row.callId);
    this.#closes.push({ row, waiter });
    this.#bytes += row.record.length;
    this.#discardRunning(inFlight);
    if (!this.#isOver(inFlight)) return true;
    this.#closes.pop();
    this.#bytes -= row.record.length;
    return false;
  }

  delivered(destination: string, seq: number): void {
    this.#delivered.set(destination, seq);
  }

  /** The next transaction, at most as large as the limits of one; null when nothing waits. */
  take(): PendingBatch | null {
    if (this.isEmpty) return null;
    const closes = this.#takeCloses();
    const batch: Batch = {
      opens: takeFirst(this.#opens, this.#limits.batchRows),
      progress: takeFirst(this.#progress, this.#limits.batchRows),
      closes: closes.map(({ row }) => row),
      holds: closes.map(({ waiter }) => waiter.hold()),
      handedMs: sharedClockMs(),
      delivered: [...this.#delivered].map(([destination, seq]) => ({ destination, seq })),
    };
    this.#delivered.clear();
    const bytes = [batch.opens, batch.progress, batch.closes].reduce((sum, rows) => sum + jsonBytes(rows), 0);
    this.#bytes -= bytes;
    return { batch, bytes, waiters: closes.map(({ waiter }) => waiter) };
  }

  /** Lets everything go. */
  clear(): void {
    this.#opens.clear();
    this.#progress.clear();
    this.#delivered.clear();
    this.#closes = [];
    this.#bytes = 0;
  }

  #takeCloses(): QueuedClose[] {
    const { batchRows, batchBytes } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const { row } of this.#closes) {
      bytes += row.record.length;
      if (count > 0 && (count >= batchRows || bytes > batchBytes)) break;
      count += 1;
    }
    const taken = this.#closes.slice(0, count);
    this.#closes = this.#closes.slice(count);
    return taken;
  }

  #isOver(inFlight: InFlight): boolean {
    const rows = inFlight.rows + this.#closes.length + this.#opens.size + this.#progress.size;
    return rows > this.#limits.rows || inFlight.bytes + this.#bytes > this.#limits.bytes;
  }

  #discardRunning(inFlight: InFlight): void {
    for (const rows of [this.#progress, this.#opens]) {
      while (rows.size > 0 && this.#isOver(inFlight)) this.#drop(rows, rows.keys().next().value ?? '');
    }
  }

  #drop(rows: Map<string, ProgressRow>, callId: string): void {
    const found = rows.get(callId);
    if (found === undefined) return;
    rows.delete(callId);
    this.#bytes -= found.record.length;
  }
}

const jsonBytes = (rows: readonly ProgressRow[]): number => rows.reduce((sum, { record }) => sum + record.length, 0);

function takeFirst<Row>(rows: Map<string, Row>, limit: number): Row[] {
  const taken = [...rows].slice(0, limit);
  for (const [callId] of taken) rows.delete(callId);
  return taken.map(([, row]) => row);
}
