import { describe, expect, it } from 'vitest';
import type { GatewayStatus } from '../../../../contract/ipc.ts';
import { isReady, readyChecks } from '../../../../renderer/views/onboarding/ready-checks.ts';
import { neighbourStep, stepNumber } from '../../../../renderer/views/onboarding/steps.ts';
import { healthAnswer } from '../../fixture/snowflake-answers.ts';

const running: GatewayStatus = {
  phase: 'running',
  detail: '',
  url: 'http://127.0.0.1:8787',
  live: 'connected',
  liveSince: null,
  retryInMs: null,
  suggestedPort: null,
};
const states = (...facts: Parameters<typeof readyChecks>) => readyChecks(...facts).map(({ state }) => state);

describe('the check of the gateway', () => {
  it('is done when calls can pass, and says where', () => {
    expect(isReady(running)).toBe(true);
    expect(readyChecks(running, healthAnswer('off'))[0]?.words).toContain('http://127.0.0.1:8787');
    expect(states(running, healthAnswer('off'))).toEqual(['good', 'good']);
  });

  it('waits while the gateway starts and gives the cause when it cannot', () => {
    expect(states(null, null)).toEqual(['busy', 'busy']);
    const failed = { ...running, phase: 'failed', url: null, detail: 'Port 8787 is taken' } as const;
    expect(isReady(failed)).toBe(false);
    expect(readyChecks(failed, null)[0]).toMatchObject({ state: 'bad', words: 'Port 8787 is taken' });
  });

  it('does not hold anybody up for storage', () => {
    const health = healthAnswer('off');
    const lagging = {
      ...health,
      checks: {
        ...health.checks,
        warehouse: { ...health.checks.warehouse, state: 'degraded' as const, detail: 'Opening' },
      },
    };
    expect(isReady(running)).toBe(true);
    expect(readyChecks(running, lagging)[1]).toMatchObject({ state: 'warn', words: 'Opening' });
  });
});

it('goes through four steps and stops at both ends', () => {
  expect(stepNumber('snowflake')).toBe(4);
  expect([neighbourStep('ready', 1), neighbourStep('ready', -1), neighbourStep('snowflake', 1)]).toEqual([
    'connect',
    null,
    null,
  ]);
});
