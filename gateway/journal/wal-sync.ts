/**
 * Makes committed rows survive a power cut, apart from committing them. SQLite's own `synchronous = FULL` syncs inside COMMIT, and while one
 * sync stalls nothing else is written: rows that only wait in memory are lost to a kill -9, rows in the page cache are not. So the connection
 * commits without a sync, and the log is synced here through a descriptor of its own, on libuv's pool.
 *
 * - One sync runs at a time; the next one covers everything committed since.
 * - A commit is in the log or, after a checkpoint, in the database file, which SQLite syncs before it begins the log anew: a sync of the log
 *   that starts after a commit therefore makes it durable. The log's first header (and its directory entry) SQLite syncs itself.
 * - SQLite's POSIX locks are on the database and the -shm file, never on the -wal file: closing this descriptor drops none of them
 *   (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 * - While the connection lives the log keeps its inode (a checkpoint cuts it, nothing replaces it), so the descriptor stays right.
 * - A failed sync is never tried again here: the kernel may have dropped the pages and say all is well the next time.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import { crashPoint } from './crash-point.ts';

export interface WalSyncEvents {
  /** These batches survive a power cut. */
  readonly onSynced: (ids: readonly number[]) => void;
  /** What was committed and not told as synced may be gone; the connection must not be used any longer. */
  readonly onFault: (error: Error) => void;
}

export class WalSync {
  readonly #descriptor: number;
  readonly #events: WalSyncEvents;
  #committed: number[] = []; // since the running sync began
  #committedSeq: number;
  #syncedSeq: number;
  #running = false;
  #ended = false; // closed or failed
  #idle: (() => void)[] = [];

  /** @param path of the log of an open database; @param lastSeq highest seq known to be durable. Throws the system's error. */
  constructor(path: string, lastSeq: number, events: WalSyncEvents) {
    this.#descriptor = openSync(path, 'r+'); // Windows flushes through a writable handle only
    this.#events = events;
    this.#committedSeq = lastSeq;
    this.#syncedSeq = lastSeq;
  }

  /** Highest seq that survives a power cut. */
  get syncedSeq(): number {
    return this.#syncedSeq;
  }

  /** Batch `id` was committed and the highest seq is now `lastSeq`. */
  committed(id: number, lastSeq: number): void {
    this.#committed.push(id);
    this.#committedSeq = lastSeq;
    this.#next();
  }

  /** Resolves when everything committed until now is synced, or cannot be. */
  async settled(): Promise<void> {
    if (!this.#running) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    await promise;
  }

  /** No event comes after this. A running sync keeps the descriptor until it ends: its number must not be given to another file before. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#running) closeSync(this.#descriptor);
  }

  #next(): void {
    if (this.#running || this.#ended) return;
    if (this.#committed.length === 0) return this.#tellIdle();
    const ids = this.#committed;
    const seq = this.#committedSeq;
    this.#committed = [];
    this.#running = true;
    crashPoint('journal.beforeSync');
    fdatasync(this.#descriptor, (error) => this.#done(error, ids, seq));
  }

  #done(error: Error | null, ids: readonly number[], seq: number): void {
    this.#running = false;
    if (this.#ended) {
      closeSync(this.#descriptor);
      return this.#tellIdle();
    }
    if (error === null) {
      this.#syncedSeq = seq;
      this.#events.onSynced(ids);
    } else {
      this.close();
      this.#events.onFault(error);
      this.#tellIdle();
    }
    return this.#next();
  }

  #tellIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
