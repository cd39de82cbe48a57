/** Which transaction a statement belongs to, and how it begins and ends. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Write } from './duck-transaction.ts';
import type { Engine, Running } from './engine.ts';
import { transactionOfOtherScope } from './errors.ts';
import type { LockMode } from './locks.ts';
import { activeTransaction, type Scope } from './sessions.ts';
import type { ObjectName } from './sql/statement.ts';
import { TransactionEnded, type Transaction } from './transactions.ts';

/** BEGIN: ignored where this scope has one open; in a procedure it opens one beside its caller's. */
export function begin(engine: Engine, running: Running): void {
  const { scope, session } = running;
  if (scope.transaction?.open !== true) scope.transaction = engine.transactions.begin(session.id);
}

/** COMMIT and ROLLBACK: nothing to do without a transaction. @throws SqlError when it is the caller's */
export async function end(scope: Scope, how: 'commit' | 'rollback'): Promise<void> {
  const own = scope.transaction;
  scope.transaction = null;
  if (own?.open === true) return how === 'commit' ? own.commit() : own.rollback();
  if (activeTransaction(scope) !== null) throw transactionOfOtherScope();
}

export interface Work<T> {
  readonly write: Write | null;
  readonly lock: { readonly table: ObjectName; readonly mode: LockMode } | null;
  /** Runs when the lock is taken, before the wait for it. */
  readonly beforeWait?: ((connection: DuckDBConnection) => Promise<void>) | null;
  readonly run: (connection: DuckDBConnection) => Promise<T>;
}

/** In the open transaction; without one in its own, which commits at once unless AUTOCOMMIT is off. */
export async function inTransaction<T>(engine: Engine, running: Running, work: Work<T>): Promise<T> {
  const { scope, session, parameters } = running;
  const open = activeTransaction(scope);
  const transaction = open ?? engine.transactions.begin(session.id);
  const commitsItself = open === null && parameters.flag('AUTOCOMMIT');
  if (open === null && !commitsItself) scope.transaction = transaction;
  try {
    const result = await runWork(engine, running, transaction, work);
    if (commitsItself) await transaction.commit();
    return result;
  } catch (error) {
    if (error instanceof TransactionEnded) return inTransaction(engine, running, work);
    if (commitsItself || parameters.flag('TRANSACTION_ABORT_ON_ERROR')) await transaction.rollback();
    throw error;
  }
}

/** DDL: what is open is committed first, then the definition is a transaction of its own. */
export async function asDefinition<T>(engine: Engine, running: Running, work: Omit<Work<T>, 'write'>): Promise<T> {
  const own = running.scope.transaction;
  running.scope.transaction = null;
  if (own?.open === true) await own.commit();
  const transaction = engine.transactions.begin(running.session.id);
  try {
    const result = await runWork(engine, running, transaction, { ...work, write: null });
    await transaction.commit(true);
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

function runWork<T>(engine: Engine, running: Running, transaction: Transaction, work: Work<T>): Promise<T> {
  const { lock, beforeWait = null } = work;
  const { locks } = engine.transactions;
  const waitRules = { timeoutSeconds: running.parameters.number('LOCK_TIMEOUT'), signal: running.signal };
  return transaction.run(
    running.queryId,
    work.write,
    async (look) => {
      if (lock === null) return;
      if (beforeWait !== null && locks.isTaken(transaction, lock.table, lock.mode)) await look(beforeWait);
      await locks.acquire(transaction, lock.table, lock.mode, waitRules);
    },
    work.run,
  );
}
