import { describe, expect, it } from 'vitest';
import { commandsOf, type CommandActs, type CommandContext } from '../../../renderer/palette/commands.ts';
import { matchesWords } from '../../../renderer/palette/matches-words.ts';

const done: unknown[] = [];
const act: CommandActs = {
  go: (screen) => done.push(['go', screen]),
  openSection: (section) => done.push(['section', section]),
  filterBy: (field, value) => done.push([field, value]),
  save: (change) => done.push(change),
  toggleLive: () => done.push('live'),
  toggleCompare: () => done.push('compare'),
  setRecording: (paused) => done.push(['recording', paused]),
  exportCsv: () => done.push('export'),
  saveSummary: () => done.push('summary'),
  copyUrl: () => done.push('copy'),
  restart: () => done.push('restart'),
  testSnowflake: () => done.push('test'),
  sync: () => done.push('sync'),
  snoozeAlerts: () => done.push('snooze'),
  showKeys: () => done.push('keys'),
  firstSteps: () => done.push('first steps'),
};
const context: CommandContext = {
  screens: [{ id: 'live', label: 'Live', hint: 'G L' }],
  sections: [{ id: 'about', label: 'Settings: About', hint: '' }],
  seen: { models: ['gpt-5', null, 'gpt-5', ''], users: ['ana'], keys: ['9f31…k3Xa'] },
  settings: { theme: 'dark', density: 'comfortable', utc: false },
  paused: false,
  comparing: false,
  recordingPaused: false,
  url: 'http://127.0.0.1:8787',
  canRestart: true,
  snowflake: true,
  act,
};
const labels = (change: Partial<CommandContext> = {}): string[] =>
  commandsOf({ ...context, ...change }).map(({ label }) => label);
const run = (label: string): unknown => {
  done.length = 0;
  commandsOf(context)
    .find((command) => command.label === label)
    ?.run();
  return done[0];
};

describe('the commands of the palette', () => {
  it('offers models, users and keys once each, and filters the requests by them', () => {
    expect(labels().filter((label) => label === 'gpt-5')).toHaveLength(1);
    expect([run('gpt-5'), run('ana'), run('9f31…k3Xa')]).toEqual([
      ['model', 'gpt-5'],
      ['user', 'ana'],
      ['key', '9f31…k3Xa'],
    ]);
  });

  it('leads to the budgets and snoozes notices', () => {
    expect([run('Set a budget'), run('Snooze alerts for an hour')]).toEqual([['section', 'alerts'], 'snooze']);
  });

  it('goes to screens and parts of the settings', () => {
    expect([run('Live'), run('Settings: About')]).toEqual([
      ['go', 'live'],
      ['section', 'about'],
    ]);
  });

  it('offers the other theme, density and zone, never those that are on', () => {
    expect(labels()).not.toContain('Dark theme');
    expect(run('Light theme')).toEqual({ theme: 'light' });
    expect(run('Compact rows')).toEqual({ density: 'compact' });
    expect(labels({ settings: { theme: 'light', density: 'compact', utc: true } })).toEqual(
      expect.arrayContaining(['Dark theme', 'Comfortable rows', 'Show local time']),
    );
  });

  it('offers to compare with the previous period, or to stop it', () => {
    expect(run('Compare with the previous period')).toBe('compare');
    expect(labels({ comparing: true })).toContain('Stop comparing with the previous period');
  });

  it('offers only what can be done here and now', () => {
    expect(labels()).toEqual(expect.arrayContaining(['Restart gateway', 'Sync to Snowflake now', 'Copy base URL']));
    const less = labels({ canRestart: false, snowflake: false, url: null, paused: true });
    for (const label of ['Restart gateway', 'Test Snowflake connection', 'Sync to Snowflake now', 'Copy base URL'])
      expect(less).not.toContain(label);
    expect(less).toContain('Resume live');
  });

  it('pauses recording, and offers to resume while it is paused', () => {
    expect(run('Pause recording')).toEqual(['recording', true]);
    expect(labels({ recordingPaused: true })).toContain('Resume recording');
    expect(labels({ recordingPaused: true })).not.toContain('Pause recording');
  });

  it('names every command once', () => {
    const ids = commandsOf(context).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('finds words in any order and case, and everything before a word is typed', () => {
  expect(matchesWords('Actions Restart gateway', 'GATE rest')).toBe(true);
  expect(matchesWords('Actions Restart gateway', 'restart snow')).toBe(false);
  expect(matchesWords('Actions Restart gateway', ' ')).toBe(true);
});
