import { describe, expect, it } from 'vitest';
import { snowflakeSteps } from '../../../../contract/snowflake.ts';
import {
  skewWords,
  stepLabels,
  testWords,
  totalMs,
  waitingSteps,
} from '../../../../renderer/views/snowflake/step-list.ts';
import { testedSteps } from '../../fixture/snowflake-answers.ts';

describe('the steps of a connection test', () => {
  it('all wait before it begins, each under a name of its own', () => {
    expect(waitingSteps.map(({ step }) => step)).toEqual([...snowflakeSteps]);
    expect(new Set(Object.values(stepLabels)).size).toBe(snowflakeSteps.length);
    expect(totalMs(waitingSteps)).toBeNull();
  });

  it('add up to a total time and one sentence', () => {
    const steps = testedSteps('idle');
    expect(totalMs(steps)).toBe(steps.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0));
    expect(testWords(steps)).toMatchObject({ tone: 'good' });
    expect(testWords(steps).text).toMatch(/^All 8 checks passed · [\d.]+ s$/);
  });

  it('name the step that failed, before any warning', () => {
    expect(testWords(testedSteps('attention'))).toMatchObject({ tone: 'bad' });
    expect(testWords(testedSteps('attention')).text).toContain('Failed at “Use the warehouse”');
  });

  it('say that it works with a limit', () => {
    expect(testWords(testedSteps('lock'))).toMatchObject({ tone: 'warn' });
    expect(testWords(testedSteps('lock')).text).toMatch(/^It works, with a limit/);
  });
});

it('speaks of a wrong clock only where it matters, and in which direction', () => {
  expect(skewWords(null)).toBeNull();
  expect(skewWords(1500)).toBeNull();
  expect(skewWords(95_000)).toMatch(/1 m 35 s behind Snowflake's/);
  expect(skewWords(-95_000)).toMatch(/1 m 35 s ahead of Snowflake's/);
});
