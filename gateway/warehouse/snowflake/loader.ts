/** One batch or one parked row as both protocols take it, and what becomes of it. */
import { SnowflakeFault } from './fault.ts';
import type { LoadAnswer } from './load-procedure.ts';
import type { SnowflakeBind, SnowflakeSession, StatementResult } from './session.ts';

export type Protocol = 'procedure' | 'guarded';

export interface Load {
  readonly streamId: string;
  readonly from: number;
  readonly to: number;
  readonly rowCount: number;
  readonly rowsJson: string; // a JSON array, `[]` when a row is parked
  readonly parkedJson: string; // a JSON array, `[]` when rows are stored
}

/** Moves the position and writes, in one transaction. @throws SnowflakeFault; one that {@link blamesTheLoad} only with nothing left open. */
export type Loader = (load: Load) => Promise<LoadAnswer>;

/** Less of it, or one row less, may be stored: repeating it as it is can never help. */
export const blamesTheLoad = (error: unknown): error is SnowflakeFault =>
  error instanceof SnowflakeFault && (error.kind === 'data' || error.kind === 'too_large');

/** A statement in a session that its user does not share. @throws SnowflakeFault */
export type Execute = (sql: string, binds?: readonly SnowflakeBind[]) => Promise<StatementResult>;

/** One way to run statements: who asks (QUERY_TAG), and for how long at most. */
export function executeIn(
  session: SnowflakeSession,
  how: { readonly tag: string; readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Execute {
  return (sql, binds = []) => session.execute({ sql, binds, ...how });
}
