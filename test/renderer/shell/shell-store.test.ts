import { beforeEach, describe, expect, it } from 'vitest';
import { UiSettings } from '../../../contract/ipc.ts';
import { createLiveStore } from '../../../renderer/live/live-store.ts';
import { createShell } from '../../../renderer/shell/shell-store.ts';
import { screenOfHash } from '../../../renderer/shell/shell-state.ts';
import { resolveTheme } from '../../../renderer/shell/theme.ts';
import { createFixtureBridge } from '../fixture/fixture-bridge.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const past = { kind: 'custom', fromMs: now - 9e6, toMs: now - 3e6 } as const;

describe('the shell', () => {
  let live: ReturnType<typeof createLiveStore>;
  let shell: ReturnType<typeof createShell>;
  const paused = (): boolean => live.getState().pause !== null;

  beforeEach(() => {
    live = createLiveStore();
    const bridge = createFixtureBridge({ scenario: 'empty' });
    shell = createShell({ bridge, live, settings: UiSettings.parse({}), screen: 'overview', now: () => now });
  });

  it('pauses when a period in the past is chosen and resumes with a live one', () => {
    shell.actions.choosePeriod(past);
    expect(paused()).toBe(true);
    shell.actions.choosePeriod({ kind: 'preset', preset: '1h' });
    expect(paused()).toBe(false);
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

  it('saves settings through the bridge and says that text was copied', async () => {
    await shell.actions.save({ utc: true });
    expect(shell.store.getState().settings.utc).toBe(true);
    await shell.actions.copy('http://127.0.0.1:8787', 'Base URL');
    expect(shell.store.getState().toasts.map(({ text, tone }) => [tone, text])).toEqual([['good', 'Base URL copied']]);
  });
});

it('reads the screen from the address and resolves the theme', () => {
  expect([screenOfHash('#/live'), screenOfHash('#/overview'), screenOfHash(''), screenOfHash('#/nowhere')]).toEqual([
    'live',
    'overview',
    'overview',
    'overview',
  ]);
  expect([
    resolveTheme('system', true),
    resolveTheme('system', false),
    resolveTheme('dark', false),
    resolveTheme('light', true),
  ]).toEqual(['dark', 'light', 'dark', 'light']);
});
