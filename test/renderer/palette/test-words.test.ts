import { expect, it } from 'vitest';
import type { SnowflakeStep } from '../../../contract/snowflake.ts';
import { testWords } from '../../../renderer/palette/test-words.ts';

const step = (state: SnowflakeStep['state'], detail = '', fix: string | null = null): SnowflakeStep => ({
  step: 'network',
  state,
  detail,
  fix,
  durationMs: null,
});
const tested = (ok: boolean, ...steps: SnowflakeStep[]) =>
  testWords({ ok: true, value: { ok, steps, clockSkewMs: null } });

it('names the step that failed and its fix, and says when the test itself could not be made', () => {
  expect(tested(false, step('ok'), step('failed', 'The role is unknown.', 'Grant it.'))).toEqual({
    good: false,
    text: 'Snowflake test failed: The role is unknown. Grant it.',
  });
  expect(testWords({ ok: false, code: 'timeout', message: 'No answer' })).toMatchObject({
    good: false,
    text: expect.stringContaining('No answer'),
  });
});

it('praises a test without limits and points at those it found', () => {
  expect(tested(true, step('ok')).text).toContain('every step passed');
  expect(tested(true, step('ok'), step('warning'))).toMatchObject({
    good: true,
    text: expect.stringContaining('a limit'),
  });
});
