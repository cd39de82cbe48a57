/**
 * Locks on tables, held until the transaction ends. Snowflake locks partitions; a whole table is its worst case.
 *
 * | mode     | taken by                | shares the table with |
 * | append   | INSERT                  | append, rewrite       |
 * | rewrite  | UPDATE, DELETE, MERGE   | append                |
 * | define   | DDL, for its own moment | nothing               |
 *
 * `append` is not a Snowflake lock: it only keeps DDL away from rows that DuckDB has not committed. Waiters are served in order.
 */
import { lockTimedOut, tooManyWaiters } from './errors.ts';
import { dotted } from './names.ts';
import type { ObjectName } from './sql/statement.ts';

export type LockMode = 'append' | 'rewrite' | 'define';

export interface LockOwner {
  /** Number of its transaction. */
  readonly id: string;
  readonly sessionId: number;
  /** Statement that runs, or ran last. */
  readonly statementId: string;
  /** Null while a statement of it runs. */
  idleMs(): number | null;
  abort(reason: string): Promise<void>;
}

export interface HeldLock {
  readonly table: string;
  readonly transaction: string;
  readonly session: number;
  readonly statement: string;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly grant: () => void;
}
interface Held {
  readonly owner: LockOwner;
  readonly statementId: string;
  readonly modes: Set<LockMode>;
}
interface TableLock {
  readonly name: ObjectName;
  readonly held: Map<LockOwner, Held>;
  waiting: Waiter[];
}

export interface WaitRules {
  /** 0 = do not wait; null = as long as it takes. */
  readonly timeoutSeconds: number | null;
  /** Its reason is the SqlError to fail with. */
  readonly signal: AbortSignal;
}

const waiterLimit = 20;
const clash = (a: LockMode, b: LockMode): boolean =>
  a === 'define' || b === 'define' || (a === 'rewrite' && b === 'rewrite');

export class Locks {
  readonly #tables = new Map<string, TableLock>();
  readonly #idleLimitMs: () => number;
  readonly #watch: NodeJS.Timeout;

  /** A transaction that blocks others and has been idle for so long is aborted: its client is taken for dead. */
  constructor(idleLimitMs: () => number) {
    this.#idleLimitMs = idleLimitMs;
    this.#watch = setInterval(() => this.#abortIdleBlockers(), 25);
    this.#watch.unref();
  }

  /** @throws SqlError 000625 too many waiters or waited too long, 000604 cancelled */
  async acquire(owner: LockOwner, table: ObjectName, mode: LockMode, rules: WaitRules): Promise<void> {
    const lock = this.#lockOf(table);
    const blocker = blockerOf(lock, owner, mode);
    if (blocker === null) return this.#hold(lock, owner, mode);
    rules.signal.throwIfAborted();
    const trouble = troubleOf(lock, blocker, owner);
    if (mode === 'rewrite' && lock.waiting.length >= waiterLimit) throw tooManyWaiters(trouble, waiterLimit);
    if (rules.timeoutSeconds === 0) throw lockTimedOut(trouble, 0);
    await this.#wait(lock, owner, mode, rules);
  }

  isTaken(owner: LockOwner, table: ObjectName, mode: LockMode): boolean {
    return blockerOf(this.#lockOf(table), owner, mode) !== null;
  }

  release(owner: LockOwner): void {
    for (const lock of this.#tables.values()) if (lock.held.delete(owner)) this.#serve(lock);
  }

  /** Locks as SHOW LOCKS tells them: without those of plain inserts. */
  holders(): readonly HeldLock[] {
    return [...this.#tables.values()].flatMap((lock) =>
      [...lock.held.values()]
        .filter((held) => held.modes.has('rewrite'))
        .map(({ owner, statementId }) => ({
          table: dotted(lock.name),
          transaction: owner.id,
          session: owner.sessionId,
          statement: statementId,
        })),
    );
  }

  waiting(): number {
    return [...this.#tables.values()].reduce((sum, lock) => sum + lock.waiting.length, 0);
  }

  close(): void {
    clearInterval(this.#watch);
  }

  #wait(lock: TableLock, owner: LockOwner, mode: LockMode, rules: WaitRules): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        lock.waiting = lock.waiting.filter((other) => other !== waiter);
        clearTimeout(timer);
        rules.signal.removeEventListener('abort', cancel);
      };
      const waiter: Waiter = {
        owner,
        mode,
        grant: () => {
          settle();
          resolve();
        },
      };
      const giveUp = (error: unknown): void => {
        settle();
        reject(error);
        this.#serve(lock);
      };
      const cancel = (): void => giveUp(rules.signal.reason);
      const timer =
        rules.timeoutSeconds === null
          ? undefined
          : setTimeout(
              () => {
                const blocker = blockerOf(lock, owner, mode) ?? owner;
                giveUp(lockTimedOut(troubleOf(lock, blocker, owner), rules.timeoutSeconds ?? 0));
              },
              Math.min(rules.timeoutSeconds * 1_000, 2 ** 31 - 1),
            );
      rules.signal.addEventListener('abort', cancel);
      lock.waiting.push(waiter);
    });
  }

  #lockOf(table: ObjectName): TableLock {
    const key = dotted(table);
    const lock = this.#tables.get(key) ?? { name: table, held: new Map(), waiting: [] };
    this.#tables.set(key, lock);
    return lock;
  }

  #hold(lock: TableLock, owner: LockOwner, mode: LockMode): void {
    const held = lock.held.get(owner);
    if (held !== undefined) held.modes.add(mode);
    else lock.held.set(owner, { owner, statementId: owner.statementId, modes: new Set([mode]) });
  }

  #serve(lock: TableLock): void {
    for (const waiter of lock.waiting) {
      if (blockerOf(lock, waiter.owner, waiter.mode) !== null) continue;
      this.#hold(lock, waiter.owner, waiter.mode);
      waiter.grant();
    }
  }

  #abortIdleBlockers(): void {
    for (const lock of this.#tables.values()) {
      for (const waiter of lock.waiting) {
        const blocker = blockerOf(lock, waiter.owner, waiter.mode);
        const idle = blocker?.idleMs() ?? null;
        if (idle !== null && idle >= this.#idleLimitMs())
          void blocker?.abort('idle while it blocked another transaction');
      }
    }
  }
}

function blockerOf(lock: TableLock, owner: LockOwner, mode: LockMode): LockOwner | null {
  for (const held of lock.held.values()) {
    if (held.owner !== owner && [...held.modes].some((other) => clash(other, mode))) return held.owner;
  }
  return null;
}

const troubleOf = (lock: TableLock, blocker: LockOwner, owner: LockOwner) => ({
  holderStatement: lock.held.get(blocker)?.statementId ?? blocker.statementId,
  holderTransaction: blocker.id,
  table: lock.name.name,
  statement: owner.statementId,
});
