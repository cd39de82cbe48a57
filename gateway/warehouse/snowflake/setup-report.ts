/** Setup's own account of what it did, statement by statement. */
import type { SnowflakeSetup } from '../../../contract/snowflake.ts';
import { SnowflakeFault } from './fault.ts';
import type { Execute } from './loader.ts';

export type SetupLine = SnowflakeSetup['statements'][number];

/** One thing that should be there. */
export interface Wanted {
  readonly name: string; // 'table API_USAGE_METRICS'
  readonly sql: string;
  readonly present: boolean;
  /** Told when it is there already, or beside what was done. */
  readonly detail?: string;
  /** Told when it cannot be made. */
  readonly instead?: string;
}

/** Makes it when it is missing and this is no dry run. Refusals are told, not thrown; a lost connection is thrown. */
export async function ensure(execute: Execute, wanted: Wanted, dryRun: boolean): Promise<SetupLine> {
  const { name, sql, detail = '' } = wanted;
  if (wanted.present) return { name, sql, state: 'present', detail: detail === '' ? 'Already there' : detail };
  if (dryRun) return { name, sql, state: 'would', detail };
  try {
    await execute(sql);
    return { name, sql, state: 'done', detail };
  } catch (error) {
    if (!(error instanceof SnowflakeFault) || passes(error)) throw error;
    const parts = [error.message, error.fix, wanted.instead];
    return {
      name,
      sql,
      state: 'failed',
      detail: parts.filter((part) => part !== null && part !== undefined && part !== '').join(' '),
    };
  }
}

const passing: ReadonlySet<SnowflakeFault['kind']> = new Set([
  'network',
  'session',
  'timeout',
  'cancelled',
  'throttled',
  'internal',
]);

/** Says nothing about the statement: the next one would fail the same way. */
function passes(fault: SnowflakeFault): boolean {
  return passing.has(fault.kind);
}
