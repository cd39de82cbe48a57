/** The steps of a connection test as a list to show: what is checked, how far it came, how long it took. Pure. */
import { snowflakeSteps, type SnowflakeStep, type SnowflakeStepName } from '../../../contract/snowflake.ts';
import { formatDuration } from '../../format/duration.ts';

export const stepLabels: Readonly<Record<SnowflakeStepName, string>> = {
  network: 'Reach the account',
  login: 'Log in',
  role: 'Use the role',
  warehouse: 'Use the warehouse',
  database: 'Find the database',
  schema: 'Find the schema',
  table: 'Write to the tables',
  procedure: 'Call the load procedure',
};

/** Before anything has run. */
export const waitingSteps: readonly SnowflakeStep[] = snowflakeSteps.map((step) => ({
  step,
  state: 'waiting',
  detail: '',
  fix: null,
  durationMs: null,
}));

export type StepTone = 'neutral' | 'running' | 'good' | 'warn' | 'bad';

export const stepTones: Readonly<Record<SnowflakeStep['state'], StepTone>> = {
  waiting: 'neutral',
  running: 'running',
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
  skipped: 'neutral',
};

/** The measured time of all steps; null before one was measured. */
export function totalMs(steps: readonly SnowflakeStep[]): number | null {
  const measured = steps.flatMap(({ durationMs }) => durationMs ?? []);
  return measured.length === 0 ? null : measured.reduce((sum, ms) => sum + ms, 0);
}

/** One sentence about a finished test: "The connection works, with a limit · 3.4 s". */
export function testWords(steps: readonly SnowflakeStep[]): { readonly text: string; readonly tone: StepTone } {
  const took = ` · ${formatDuration(totalMs(steps))}`;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed !== undefined) return { text: `Failed at “${stepLabels[failed.step]}”${took}`, tone: 'bad' };
  const warnings = steps.filter(({ state }) => state === 'warning').length;
  if (warnings > 0) return { text: `It works, with ${warnings === 1 ? 'a limit' : 'limits'}${took}`, tone: 'warn' };
  return { text: `All ${steps.length} checks passed${took}`, tone: 'good' };
}

/** Beyond this a key-pair login is refused, because its token carries our clock. */
const skewWorthSayingMs = 20_000;

/** A clock that is wrong enough to matter, in words; null otherwise. */
export function skewWords(clockSkewMs: number | null): string | null {
  if (clockSkewMs === null || Math.abs(clockSkewMs) < skewWorthSayingMs) return null;
  const side = clockSkewMs > 0 ? 'behind' : 'ahead of';
  return `This computer's clock is ${formatDuration(Math.abs(clockSkewMs))} ${side} Snowflake's. Key-pair logins fail beyond about a minute: set the clock.`;
}
