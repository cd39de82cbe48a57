import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../contract/gateway-api.ts';
import type { GatewayStatus } from '../../contract/ipc.ts';
import type { Alert, AlertsState } from '../../contract/thresholds.ts';
import {
  type AlertNotice,
  type AlertNotices,
  type AlertSource,
  createAlertNotices,
  followAlerts,
} from '../../main/alert-notices.ts';
import { openSettings, type SettingsStore } from '../../main/settings.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

function alert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    kind: 'budget',
    level: 'warning',
    title: `Budget ${id} is at 80 %`,
    text: '$8.40 of $10.00 spent.',
    at: new Date(now).toISOString(),
    endedAt: null,
    filter: { user: [id] },
    range: 'month',
    ...more,
  };
}

const state = (alerts: Alert[], more: Partial<AlertsState> = {}): AlertsState => ({
  alerts,
  budgets: [],
  snoozedUntil: null,
  checkedAt: new Date(now).toISOString(),
  ...more,
});

describe('notices of alerts', () => {
  let folder: string;
  let settings: SettingsStore;
  let rung: AlertNotice[];
  const running: AlertNotices[] = [];

  /** As the app makes them, over its real settings file. */
  const start = async (): Promise<AlertNotices> => {
    settings = await openSettings(join(folder, 'settings.json'));
    const notices = createAlertNotices({
      told: () => settings.current().toldAlerts,
      remember: (toldAlerts) => void settings.change({ toldAlerts }),
      wanted: () => settings.current().ui.notices.alerts,
      ring: (notice) => rung.push(notice),
      now: () => now,
    });
    running.push(notices);
    return notices;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aism-alerts-'));
    rung = [];
  });
  afterEach(async () => {
    running.splice(0).forEach((notices) => notices.stop());
    await settings.flush();
    await rm(folder, { recursive: true, force: true });
  });

  test('a crossing is told once, with the calls it speaks of, and a restart of the app tells nothing again', async () => {
    const notices = await start();
    notices.update(state([alert('ana')]));
    notices.update(state([alert('ana')]));
    const to = { screen: 'requests', filter: { user: ['ana'] }, range: 'month' };
    expect(rung).toEqual([{ title: 'Budget ana is at 80 %', body: '$8.40 of $10.00 spent.', to }]);
    await settings.flush();
    (await start()).update(state([alert('ana')]));
    expect(rung).toHaveLength(1);
  });

  test('what arrives together is one notice that names each, and opens the calls when they are the same', async () => {
    const notices = await start();
    notices.update(state([alert('ana'), alert('bob')]));
    expect(rung).toEqual([
      { title: '2 alerts', body: 'Budget ana is at 80 %\nBudget bob is at 80 %', to: { screen: 'overview' } },
    ]);
    const calls = { filter: {}, range: '1h' } as const;
    notices.update(state([alert('x', calls), alert('y', { ...calls, kind: 'latency' })]));
    expect(rung[1]?.to).toEqual({ screen: 'requests', ...calls });
  });

  test('an alert that has ended already is not told', async () => {
    (await start()).update(state([alert('ana', { endedAt: new Date(now).toISOString() })]));
    expect(rung).toEqual([]);
  });

  test('nothing is told while snoozed, and what still holds is told when the snooze ends', async () => {
    const notices = await start();
    notices.update(state([alert('ana')], { snoozedUntil: new Date(now + 40).toISOString() }));
    expect(rung).toEqual([]);
    expect(settings.current().toldAlerts).toEqual([]);
    notices.update(state([alert('ana')], { snoozedUntil: null }));
    expect(rung).toHaveLength(1);
  });

  test('what happens while notices are off is not told when they are switched on', async () => {
    const notices = await start();
    await settings.changeUi({ notices: { alerts: false, gatewayDown: true, snowflakeDown: true } });
    notices.update(state([alert('ana')]));
    await settings.changeUi({ notices: { alerts: true, gatewayDown: true, snowflakeDown: true } });
    notices.update(state([alert('ana'), alert('bob')]));
    expect(rung.map(({ title }) => title)).toEqual(['Budget bob is at 80 %']);
  });

  test('the list of told ids stays short, its oldest give way', async () => {
    const notices = await start();
    for (let round = 0; round < 12; round += 1) {
      notices.update(state(Array.from({ length: 50 }, (_, index) => alert(`${round}-${index}`))));
    }
    expect(settings.current().toldAlerts).toHaveLength(500);
    expect(settings.current().toldAlerts.at(-1)).toBe('11-49');
  });
});

test('what holds already is asked for each time the connection begins, and failures are reported', async () => {
  const heard: { status?: (status: GatewayStatus) => void; frame?: (frame: ServerFrame) => void } = {};
  const answers = [Promise.resolve(state([alert('first')])), Promise.reject(new Error('no answer'))];
  const source: AlertSource = {
    onStatus: (listener) => {
      heard.status = listener;
      return () => delete heard.status;
    },
    onFrame: (listener) => {
      heard.frame = listener;
      return () => delete heard.frame;
    },
    ask: () => answers.shift() ?? Promise.resolve(state([])),
  };
  const taken: string[] = [];
  const failures: unknown[] = [];
  const take = ({ alerts }: AlertsState): void => void taken.push(...alerts.map(({ id }) => id));
  const stop = followAlerts(source, take, (error) => failures.push(error));
  const status = (live: GatewayStatus['live']): void =>
    heard.status?.({
      phase: 'running',
      detail: '',
      url: null,
      live,
      liveSince: null,
      retryInMs: null,
      suggestedPort: null,
    });
  for (const live of ['connecting', 'connected', 'connected', 'lost', 'connected'] as const) status(live);
  heard.frame?.({ type: 'alerts', state: state([alert('frame')]) });
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toEqual(['frame', 'first']);
  expect(failures).toEqual([new Error('no answer')]);
  stop();
  expect(heard).toEqual({});
});
