import { describe, expect, test } from 'vitest';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { spentToday, trayView } from '../../main/tray-view.ts';

const running: GatewayStatus = {
  phase: 'running',
  detail: 'Running at http://127.0.0.1:8787',
  url: 'http://127.0.0.1:8787',
  live: 'connected',
  liveSince: '2026-11-23T10:00:00.000Z',
  retryInMs: null,
  suggestedPort: null,
};
const today = { calls: 1204, costUsd: 3.2149, unpricedCalls: 3 };

describe('the tray view', () => {
  test('starts with the state and what today cost', () => {
    const view = trayView(running, today, null);
    expect(view.icon).toBe('running');
    expect(view.tooltip).toBe('AI Studio Monitor: running\n1,204 calls today, at least $3.21');
    expect(view.rows.slice(0, 2)).toEqual([
      { kind: 'text', label: 'Gateway: running' },
      { kind: 'text', label: '1,204 calls today, at least $3.21' },
    ]);
  });

  test.each([
    ['running', 'connected', 'running'],
    ['running', 'connecting', 'running'],
    ['running', 'lost', 'degraded'],
    ['degraded', 'connected', 'degraded'],
    ['starting', 'connecting', 'stopped'],
    ['restarting', 'lost', 'stopped'],
    ['stopped', 'lost', 'stopped'],
    ['failed', 'connecting', 'stopped'],
  ] as const)('draws %s with live data %s as %s', (phase, live, icon) => {
    expect(trayView({ ...running, phase, live }, null, null).icon).toBe(icon);
  });

  test('cannot copy a base URL that does not exist', () => {
    const copy = trayView({ ...running, phase: 'failed', url: null }, null, null).rows.find(
      (row) => row.kind === 'action' && row.action === 'copyUrl',
    );
    expect(copy).toMatchObject({ enabled: false });
  });

  test('offers open, copy, restart and quit in this order', () => {
    const actions = trayView(running, today, null).rows.flatMap((row) => (row.kind === 'action' ? [row.action] : []));
    expect(actions).toEqual(['open', 'copyUrl', 'restart', 'quit']);
  });

  test('names what is wrong with Snowflake, in tooltip and menu, and leads to its screen', () => {
    const view = trayView(running, today, 'Snowflake needs attention');
    expect(view.icon).toBe('degraded');
    expect(view.tooltip).toBe(
      'AI Studio Monitor: running\nSnowflake needs attention\n1,204 calls today, at least $3.21',
    );
    expect(view.rows).toContainEqual({
      kind: 'action',
      label: 'Snowflake needs attention…',
      action: 'storage',
      enabled: true,
    });
    expect(trayView({ ...running, phase: 'failed' }, today, 'Snowflake needs attention').icon).toBe('stopped');
  });
});

describe('what today cost', () => {
  test.each([
    [null, 'No figures yet'],
    [{ calls: 0, costUsd: null, unpricedCalls: 0 }, 'No calls today'],
    [{ calls: 1, costUsd: 0.0123, unpricedCalls: 0 }, '1 call today, $0.0123'],
    [{ calls: 2, costUsd: 0.00003, unpricedCalls: 0 }, '2 calls today, <$0.0001'],
    [{ calls: 2, costUsd: 0, unpricedCalls: 0 }, '2 calls today, $0.0000'],
    [{ calls: 5, costUsd: null, unpricedCalls: 5 }, '5 calls today, cost unknown'],
    [{ calls: 5, costUsd: null, unpricedCalls: 0 }, '5 calls today'],
    [{ calls: 12_345, costUsd: 1234.5, unpricedCalls: 0 }, '12,345 calls today, $1,234.50'],
  ])('of %j reads "%s"', (figures, words) => {
    expect(spentToday(figures)).toBe(words);
  });
});
