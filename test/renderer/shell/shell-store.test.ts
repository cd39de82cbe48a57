import { beforeEach, describe, expect, it } from 'vitest';
import { UiSettings } from '../../../contract/ipc.ts';
import { createLiveStore } from '../../../renderer/live/live-store.ts';
import type { Period } from '../../../renderer/range/range-state.ts';
import { createShell } from '../../../renderer/shell/shell-store.ts';
import { resolveTheme } from '../../../renderer/shell/theme.ts';
import { createFixtureBridge } from '../fixture/fixture-bridge.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const address = { screen: 'overview', section: null, source: 'duckdb' } as const;
const past = { kind: 'custom', fromMs: now - 9e6, toMs: now - 3e6 } as const;

describe('the shell', () => {
  let live: ReturnType<typeof createLiveStore>;
  let shell: ReturnType<typeof createShell>;
  const paused = (): boolean => live.getState().pause !== null;

  beforeEach(() => {
    live = createLiveStore();
    const bridge = createFixtureBridge({ scenario: 'empty' });
    shell = createShell({ bridge, live, settings: UiSettings.parse({}), address, now: () => now });
  });

  it('pauses when a period in the past is chosen and resumes with a live one', () => {
    shell.actions.choosePeriod(past);
    expect(paused()).toBe(true);
    shell.actions.choosePeriod({ kind: 'preset', preset: '1h' });
    expect(paused()).toBe(false);
  });

  it('opens with the period of its address, paused where that is over', () => {
    const opened = (period: Period) =>
      createShell({
        bridge: createFixtureBridge({ scenario: 'empty' }),
        live,
        settings: UiSettings.parse({}),
        address: { ...address, period },
        now: () => now,
      }).store.getState();
    expect(opened({ kind: 'preset', preset: '7d' }).range).toMatchObject({ period: { preset: '7d' }, past: [] });
    expect(paused()).toBe(false);
    expect(opened(past)).toMatchObject({ range: { period: past, past: [] }, pausedByRange: true });
    expect(paused()).toBe(true);
  });

  it('keeps a pause that a person made', () => {
    shell.actions.toggleLive();
    shell.actions.choosePeriod(past);
    shell.actions.choosePeriod({ kind: 'preset', preset: '1h' });
    expect(paused()).toBe(true);
  });

  it('goes back to the last live period when live is switched on in the past', () => {
    shell.actions.choosePeriod({ kind: 'preset', preset: '6h' });
    shell.actions.choosePeriod(past);
    shell.actions.toggleLive();
    expect(paused()).toBe(false);
    expect(shell.store.getState().range.period).toEqual({ kind: 'preset', preset: '6h' });
  });

  it('keeps the pause through further periods in the past and ends it on the way back', () => {
    shell.actions.choosePeriod(past);
    shell.actions.choosePeriod({ ...past, fromMs: now - 8e6 });
    shell.actions.backInRange();
    expect(paused()).toBe(true);
    shell.actions.backInRange();
    expect(paused()).toBe(false);
  });

  it('keeps the row when its details are closed, so that the focus can return to it', () => {
    shell.actions.peek('call-1');
    expect(shell.store.getState()).toMatchObject({ selectedCallId: 'call-1', peeking: true });
    shell.actions.peek(null);
    expect(shell.store.getState()).toMatchObject({ selectedCallId: 'call-1', peeking: false });
  });

  it('opens a part of the settings, and stays at it when the settings are chosen again', () => {
    shell.actions.go('settings', 'snowflake');
    shell.actions.go('settings');
    expect(shell.store.getState()).toMatchObject({ screen: 'settings', section: 'snowflake' });
    shell.actions.go('storage');
    expect(shell.store.getState()).toMatchObject({ screen: 'storage', section: null });
  });

  it('asks before leaving what is unsaved, stays when told to, and forgets it when told to', () => {
    shell.actions.go('settings', 'snowflake');
    shell.actions.markUnsaved('Snowflake settings', true);
    shell.actions.go('settings');
    expect(shell.store.getState().leavingTo).toBeNull();
    shell.actions.go('live');
    expect(shell.store.getState()).toMatchObject({ screen: 'settings', leavingTo: { screen: 'live' } });
    shell.actions.leaveUnsaved(false);
    expect(shell.store.getState()).toMatchObject({ screen: 'settings', leavingTo: null });
    shell.actions.go('live');
    shell.actions.leaveUnsaved(true);
    expect(shell.store.getState()).toMatchObject({ screen: 'live', leavingTo: null, unsaved: [] });
  });

  it('remembers each unsaved thing until that one is saved', () => {
    shell.actions.markUnsaved('retention of this computer', true);
    shell.actions.markUnsaved('retention in Snowflake', true);
    shell.actions.markUnsaved('retention of this computer', false);
    expect(shell.store.getState().unsaved).toEqual(['retention in Snowflake']);
  });

  it('opens the requests with a filter from anywhere', () => {
    shell.actions.showRequests({ search: '', filter: { model: ['gpt-5'] } });
    expect(shell.store.getState()).toMatchObject({
      screen: 'requests',
      requestFilter: { filter: { model: ['gpt-5'] } },
    });
  });

  it('compares, groups and measures independently of each other', () => {
    shell.actions.toggleCompare();
    shell.actions.viewCharts({ groupBy: 'tag.team' });
    expect(shell.store.getState().chartView).toMatchObject({ compare: true, groupBy: 'tag.team', measure: 'cost' });
    shell.actions.toggleCompare();
    expect(shell.store.getState().chartView.compare).toBe(false);
  });

  it('saves settings through the bridge and says that text was copied', async () => {
    await shell.actions.save({ utc: true });
    expect(shell.store.getState().settings.utc).toBe(true);
    await shell.actions.copy('http://127.0.0.1:8787', 'Base URL');
    expect(shell.store.getState().toasts.map(({ text, tone }) => [tone, text])).toEqual([['good', 'Base URL copied']]);
  });
});

it('resolves the theme', () => {
  expect([
    resolveTheme('system', true),
    resolveTheme('system', false),
    resolveTheme('dark', false),
    resolveTheme('light', true),
  ]).toEqual(['dark', 'light', 'dark', 'light']);
});
