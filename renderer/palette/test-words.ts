/** A Snowflake test in one sentence. Pure. */
import type { Answer } from '../../contract/errors.ts';
import type { SnowflakeTest } from '../../contract/snowflake.ts';

export interface TestWords {
  readonly good: boolean;
  readonly text: string;
}

export function testWords(answer: Answer<SnowflakeTest>): TestWords {
  if (!answer.ok) return { good: false, text: `Snowflake was not tested: ${answer.message}` };
  const { ok, steps } = answer.value;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed !== undefined)
    return { good: false, text: `Snowflake test failed: ${failed.detail} ${failed.fix ?? ''}`.trim() };
  const limits = steps.filter(({ state }) => state === 'warning').length;
  if (!ok) return { good: false, text: 'The Snowflake test did not finish.' };
  return {
    good: true,
    text:
      limits === 0
        ? 'Snowflake answers; every step passed'
        : `Snowflake answers, with ${limits === 1 ? 'a limit' : `${limits} limits`}: see Settings`,
  };
}
