/** A setup, tried or done, in one sentence. Pure. */
import type { SnowflakeSetup } from '../../../contract/snowflake.ts';
import type { StepTone } from './step-list.ts';

type Statement = SnowflakeSetup['statements'][number];

export const statementLooks: Readonly<Record<Statement['state'], { readonly label: string; readonly tone: StepTone }>> =
  {
    done: { label: 'done', tone: 'good' },
    present: { label: 'was there', tone: 'neutral' },
    would: { label: 'would run', tone: 'running' },
    failed: { label: 'failed', tone: 'bad' },
  };

export function setupWords({ dryRun, ok, statements }: SnowflakeSetup): {
  readonly text: string;
  readonly tone: StepTone;
} {
  const count = (state: Statement['state']): number =>
    statements.filter((statement) => statement.state === state).length;
  const failed = count('failed');
  if (dryRun) return dryRunWords(count('would'), count('present'), failed);
  if (!ok) return { text: `${plural(failed, 'statement')} failed; the cause is below`, tone: 'bad' };
  if (failed > 0) return { text: `Ready, with a limit: ${plural(failed, 'statement')} could not run`, tone: 'warn' };
  return count('done') === 0
    ? { text: 'Everything was there already', tone: 'good' }
    : { text: `Ready: ${plural(count('done'), 'statement')} done`, tone: 'good' };
}

function dryRunWords(
  would: number,
  present: number,
  failed: number,
): { readonly text: string; readonly tone: StepTone } {
  if (failed > 0) return { text: `${plural(failed, 'statement')} would fail; the cause is below`, tone: 'bad' };
  if (would === 0) return { text: 'Everything is there already; nothing to do', tone: 'good' };
  const there = present === 0 ? '' : `, ${present} already there`;
  return { text: `Nothing has been changed yet: ${plural(would, 'statement')} to run${there}`, tone: 'neutral' };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
