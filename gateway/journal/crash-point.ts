/**
 * Deterministic kill -9 for the proofs: `AISM_CRASH_AT=point:n` ends the process the n-th time it passes that durable step (n from 1).
 * Without the variable every call is one comparison. The list is closed, so a test can walk all of it.
 */
export const crashPoints = [
  'journal.migration', // schema changed, not yet committed
  'journal.afterMigration',
  'journal.beforeRecovery',
  'journal.afterRecovery',
  'journal.beforeCommit',
  'journal.afterCommit',
  'journal.beforeSync', // committed, not yet safe from a power cut
  'journal.checkpoint',
  'journal.prune', // rows deleted, not yet committed
  'journal.afterPrune',
  'journal.quarantine', // file set aside, no new one yet
  'journal.salvage', // rows copied, not yet committed
  'journal.afterSalvage',
  'delivery.beforeDeliver',
  'delivery.afterDeliver', // destination committed, nobody told yet
  'delivery.afterReport', // the journal was told the new cursor
  'duckdb.beforeCommit',
  'duckdb.afterCommit',
  'snowflake.beforeStatement',
  'snowflake.afterStatement',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

interface Target {
  readonly point: string;
  readonly pass: number;
}

const passes = new Map<string, number>();
let target: Target | null | undefined; // undefined: environment not read yet

/** Ends this process with SIGKILL when `AISM_CRASH_AT` names this pass of `point`; else does nothing. */
export function crashPoint(point: CrashPoint): void {
  if (target === undefined) target = readTarget(process.env['AISM_CRASH_AT']);
  if (target === null || target.point !== point) return;
  const pass = (passes.get(point) ?? 0) + 1;
  passes.set(point, pass);
  if (pass >= target.pass) process.kill(process.pid, 'SIGKILL');
}

function readTarget(text: string | undefined): Target | null {
  if (text === undefined || text === '') return null;
  const [point = '', pass = '1'] = text.split(':');
  return { point, pass: Number(pass) };
}
