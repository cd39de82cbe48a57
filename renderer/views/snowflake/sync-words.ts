/** What a person is told after "Sync now". Pure. */
import type { SnowflakeHealth } from '../../../contract/snowflake.ts';
import { formatExact } from '../../format/numbers.ts';

export function syncWords({ state, phase, backlogRows, detail }: SnowflakeHealth): {
  readonly good: boolean;
  readonly text: string;
} {
  const waiting = `${formatExact(backlogRows)} ${backlogRows === 1 ? 'call waits' : 'calls wait'}`;
  if (backlogRows === 0) return { good: true, text: 'Everything is in Snowflake' };
  if (phase === 'sending' || state === 'ok') return { good: true, text: `Sending; ${waiting}` };
  return { good: false, text: `${waiting}: ${detail}` };
}
