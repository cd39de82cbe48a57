import { describe, expect, test } from 'vitest';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { pausedWords, spentToday, trayView, type TrayFacts } from '../../main/tray-view.ts';

const running: GatewayStatus = {
  phase: 'running',
  detail: 'Running at http://127.0.0.1:8787',
  url: 'http://127.0.0.1:8787',
  live: 'connected',
  liveSince: '2026-11-23T10:00:00.000Z',
  retryInMs: null,
  suggestedPort: null,
};
const today = { calls: 1204, costUsd: 3.2149, unpricedCalls: 3, notRecorded: 0, since: null };
const facts: TrayFacts = {
  status: running,
  today,
  recording: { paused: false, since: null, passedCalls: 0 },
  snowflake: null,
};
/** Without a zone: the words use the machine's own, as the text does. */
const pausedAt = new Date(2026, 10, 23, 14, 2).toISOString();
const paused = { paused: true, since: pausedAt, passedCalls: 37 };

describe('the tray view', () => {
  test('starts with the state and what today cost', () => {
    const view = trayView(facts);
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
    expect(trayView({ ...facts, status: { ...running, phase, live } }).icon).toBe(icon);
  });

  test('cannot copy a base URL that does not exist', () => {
    const copy = trayView({ ...facts, status: { ...running, phase: 'failed', url: null } }).rows.find(
      (row) => row.kind === 'action' && row.action === 'copyUrl',
    );
    expect(copy).toMatchObject({ enabled: false });
  });

  test('offers open, copy, pause, restart and quit in this order', () => {
    const actions = trayView(facts).rows.flatMap((row) => (row.kind === 'action' ? [row.action] : []));
    expect(actions).toEqual(['open', 'copyUrl', 'pause', 'restart', 'quit']);
  });

  test('names what is wrong with Snowflake, in tooltip and menu, and leads to its screen', () => {
    const view = trayView({ ...facts, snowflake: 'Snowflake needs attention' });
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
    expect(
      trayView({ ...facts, status: { ...running, phase: 'failed' }, snowflake: 'Snowflake needs attention' }).icon,
    ).toBe('stopped');
  });
});

describe('the tray while recording is paused', () => {
  test('shows two bars, says since when and how many calls passed, and offers to resume', () => {
    const view = trayView({ ...facts, recording: paused });
    expect(view.icon).toBe('paused');
    expect(view.tooltip).toBe(
      'AI Studio Monitor: running\nRecording paused since 14:02, 37 calls passed unrecorded\n1,204 calls today, at least $3.21',
    );
    expect(view.rows[1]).toEqual({
      kind: 'text',
      label: 'Recording paused since 14:02, 37 calls passed unrecorded',
    });
    expect(view.rows).toContainEqual({ kind: 'action', label: 'Resume recording', action: 'resume', enabled: true });
    expect(view.rows).not.toContainEqual(expect.objectContaining({ action: 'pause' }));
  });

  test('stays paused when something else is degraded, and gives way to a gateway that is gone', () => {
    const degraded = { ...running, phase: 'degraded' } as const;
    expect(trayView({ ...facts, recording: paused, status: degraded, snowflake: 'Snowflake is away' }).icon).toBe(
      'paused',
    );
    const gone = trayView({ ...facts, recording: paused, status: { ...running, phase: 'restarting' } });
    expect(gone.icon).toBe('stopped');
    expect(gone.rows).toContainEqual({ kind: 'action', label: 'Pause recording', action: 'pause', enabled: false });
  });

  test('counts one call as one', () => {
    expect(pausedWords({ ...paused, passedCalls: 1 })).toContain('1 call passed');
    expect(pausedWords({ paused: false, since: null, passedCalls: 0 })).toBeNull();
    expect(pausedWords(null)).toBeNull();
  });
});

describe('what today cost', () => {
  const at = (hour: number, minute: number) => new Date(2026, 10, 29, hour, minute).toISOString();
  test.each([
    [null, 'No figures yet'],
    [{ calls: 0, costUsd: null, unpricedCalls: 0, notRecorded: 0, since: null }, 'No calls today'],
    [{ calls: 1, costUsd: 0.0123, unpricedCalls: 0, notRecorded: 0, since: null }, '1 call today, $0.0123'],
    [{ calls: 2, costUsd: 0.00003, unpricedCalls: 0, notRecorded: 0, since: null }, '2 calls today, <$0.0001'],
    [{ calls: 2, costUsd: 0, unpricedCalls: 0, notRecorded: 0, since: null }, '2 calls today, $0.0000'],
    [{ calls: 5, costUsd: null, unpricedCalls: 5, notRecorded: 0, since: null }, '5 calls today, cost unknown'],
    [{ calls: 5, costUsd: null, unpricedCalls: 0, notRecorded: 0, since: null }, '5 calls today'],
    [
      { calls: 12_345, costUsd: 1234.5, unpricedCalls: 0, notRecorded: 0, since: null },
      '12,345 calls today, $1,234.50',
    ],
    [
      { calls: 2_502, costUsd: 0.156, unpricedCalls: 0, notRecorded: 1_577, since: null },
      '2,502 calls today, 1,577 not recorded, $0.1560',
    ],
    [{ calls: 0, costUsd: null, unpricedCalls: 0, notRecorded: 0, since: at(14, 5) }, 'No calls since 14:05'],
    [
      { calls: 3, costUsd: 3, unpricedCalls: 1, notRecorded: 0, since: at(9, 30) },
      '3 calls since 09:30, at least $3.00',
    ],
  ])('of %j reads "%s"', (figures, words) => {
    expect(spentToday(figures)).toBe(words);
  });
});
