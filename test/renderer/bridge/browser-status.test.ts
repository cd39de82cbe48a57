import { expect, it } from 'vitest';
import { GatewayStatus } from '../../../contract/ipc.ts';
import { browserStatus } from '../../../renderer/bridge/browser-status.ts';
import { healthAnswer } from '../fixture/snowflake-answers.ts';

const base = {
  health: null,
  everConnected: true,
  url: 'http://127.0.0.1:8787',
  since: '2026-11-23T12:00:00.000Z',
} as const;

it('derives the phase from the connection and the last health', () => {
  const phase = (input: Partial<Parameters<typeof browserStatus>[0]>) =>
    browserStatus({ ...base, state: { live: 'connected' }, ...input }).phase;
  expect(phase({})).toBe('running');
  expect(phase({ state: { live: 'connecting' }, everConnected: false })).toBe('starting');
  expect(phase({ state: { live: 'connecting' } })).toBe('restarting');
  expect(phase({ state: { live: 'lost', retryInMs: 4000 } })).toBe('stopped');
});

it('names the part that needs attention', () => {
  const healthy = healthAnswer('idle');
  const journal = { ...healthy.checks.journal, state: 'degraded' as const, detail: 'The disk is full.' };
  const health = { ...healthy, status: 'degraded' as const, checks: { ...healthy.checks, journal } };
  expect(browserStatus({ ...base, state: { live: 'connected' }, health })).toMatchObject({
    phase: 'degraded',
    detail: 'Calls pass through, but Journal needs attention: The disk is full.',
  });
});

it('is a status of the contract', () => {
  const status = browserStatus({ ...base, state: { live: 'lost', retryInMs: 4000 } });
  expect(GatewayStatus.parse(status)).toEqual(status);
});
