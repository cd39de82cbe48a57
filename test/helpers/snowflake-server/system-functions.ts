/** SYSTEM$ functions that act on the server instead of computing a value; the compiler never sees them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Running } from './engine.ts';
import { column, statementType, text, type Outcome } from './outcome.ts';

const pattern =
  /^\s*(?:SELECT|CALL)\s+SYSTEM\$(WAIT|ABORT_TRANSACTION)\s*\(\s*'?(\d+)'?\s*(?:,\s*'(\w+)'\s*)?\)\s*;?\s*$/i;

/** Null when the text is none of them. */
export async function systemFunction(engine: Engine, running: Running, sqlText: string): Promise<Outcome | null> {
  const [, name, first, unit] = pattern.exec(sqlText) ?? [];
  if (name === undefined || first === undefined) return null;
  const answer =
    name.toUpperCase() === 'WAIT'
      ? await wait(running.signal, Number(first), unit ?? 'SECONDS')
      : await abortTransaction(engine, running, first);
  return {
    statementTypeId: statementType.query,
    columns: [column(`SYSTEM$${name.toUpperCase()}`, text)],
    rows: [[answer]],
    rowCount: 1,
  };
}

async function wait(signal: AbortSignal, amount: number, unit: string): Promise<string> {
  const factor = { MILLISECONDS: 1, SECONDS: 1_000, MINUTES: 60_000 }[unit.toUpperCase()] ?? 1_000;
  try {
    await sleep(amount * factor, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return `waited ${amount} ${unit.toLowerCase()}`;
}

/** Allowed for transactions of the same user, as in Snowflake. */
async function abortTransaction(engine: Engine, running: Running, id: string): Promise<string> {
  const transaction = engine.transactions.find(id);
  const owner = transaction === null ? null : engine.sessions.find(transaction.sessionId);
  if (transaction === null || owner?.user !== running.session.user)
    return `Identified transaction ${id} does not exist.`;
  await transaction.rollback();
  return 'Transaction aborted.';
}
