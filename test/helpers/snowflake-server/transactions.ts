/**
 * Transactions of all sessions. One is open from BEGIN (or the first statement with AUTOCOMMIT off) to COMMIT or ROLLBACK; a statement that
 * commits by itself has one of its own. A client that dies leaves its transaction with its locks; it is aborted when it blocks somebody
 * (locks.ts), and its session, should it speak again, simply has none any more: what it sends then commits by itself.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { DuckTransaction, type Write } from './duck-transaction.ts';
import type { LockOwner, Locks } from './locks.ts';
import type { Store } from './store.ts';

export interface OpenTransaction {
  readonly id: string;
  readonly session: number;
  readonly startedAt: Date;
  /** Null while a statement of it runs. */
  readonly idleMs: number | null;
  readonly hasWritten: boolean;
}

/** The transaction was aborted while the statement waited for its turn. */
export class TransactionEnded extends Error {}

export class Transaction implements LockOwner {
  readonly id: string;
  readonly sessionId: number;
  readonly startedAt = new Date();
  statementId = randomUUID() as string;
  readonly #duck: DuckTransaction;
  readonly #locks: Locks;
  readonly #ended: () => void;
  #tail: Promise<unknown> = Promise.resolve();
  #running = 0;
  #lastActive = performance.now();
  #open = true;

  constructor(id: string, sessionId: number, store: Store, locks: Locks, ended: () => void) {
    this.id = id;
    this.sessionId = sessionId;
    this.#duck = new DuckTransaction(store);
    this.#locks = locks;
    this.#ended = ended;
  }

  get open(): boolean {
    return this.#open;
  }
  get hasWritten(): boolean {
    return this.#duck.hasWritten;
  }

  idleMs(): number | null {
    return this.#running > 0 ? null : performance.now() - this.#lastActive;
  }

  /** One statement after another, `prepare` (the wait for a lock) included; it may look at what is there before it waits. */
  run<T>(
    statementId: string,
    write: Write | null,
    prepare: (look: (read: (connection: DuckDBConnection) => Promise<void>) => Promise<void>) => Promise<void>,
    run: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    return this.#exclusive(async () => {
      if (!this.#open) throw new TransactionEnded();
      this.statementId = statementId;
      await prepare((read) => this.#duck.statement(null, read));
      return this.#duck.statement(write, run);
    });
  }

  /** @param changed DDL: there is something new although no row was written */
  commit(changed = false): Promise<void> {
    return this.#end(() => this.#duck.commit(changed || this.#duck.hasWritten));
  }
  rollback(): Promise<void> {
    return this.#end(() => this.#duck.rollback());
  }
  abort(): Promise<void> {
    return this.rollback();
  }

  #end(finish: () => Promise<void>): Promise<void> {
    return this.#exclusive(async () => {
      if (!this.#open) return;
      this.#open = false;
      try {
        await finish();
      } finally {
        this.#locks.release(this);
        this.#ended();
      }
    });
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    const done = this.#tail.then(work).finally(() => {
      this.#running -= 1;
      this.#lastActive = performance.now();
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

export class Transactions {
  readonly #store: Store;
  readonly locks: Locks;
  readonly #open = new Set<Transaction>();
  #next = BigInt(Date.now()) * 1_000_000n;

  constructor(store: Store, locks: Locks) {
    this.#store = store;
    this.locks = locks;
  }

  begin(sessionId: number): Transaction {
    this.#next += 1_000_000n;
    const transaction = new Transaction(`${this.#next}`, sessionId, this.#store, this.locks, () =>
      this.#open.delete(transaction),
    );
    this.#open.add(transaction);
    return transaction;
  }

  open(): readonly OpenTransaction[] {
    return [...this.#open].map((transaction) => ({
      id: transaction.id,
      session: transaction.sessionId,
      startedAt: transaction.startedAt,
      idleMs: transaction.idleMs(),
      hasWritten: transaction.hasWritten,
    }));
  }

  find(id: string): Transaction | null {
    return [...this.#open].find((transaction) => transaction.id === id) ?? null;
  }

  async abortOf(sessionId: number | null): Promise<void> {
    const theirs = [...this.#open].filter((transaction) => sessionId === null || transaction.sessionId === sessionId);
    await Promise.all(theirs.map((transaction) => transaction.rollback()));
  }
}
