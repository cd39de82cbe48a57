/** What the command palette offers, as data. Pure: whatever a command does is handed in. */
import type { UiSettings } from '../../contract/ipc.ts';
import type { FilterField } from '../requests/request-filter.ts';

export const commandSections = ['Screens', 'Settings', 'Actions', 'Models', 'Users', 'Keys'] as const;
export type CommandSection = (typeof commandSections)[number];

export interface Command {
  readonly id: string;
  readonly section: CommandSection;
  readonly label: string;
  /** More words to find it by, and, where it says something new, shown beside the label. */
  readonly hint: string;
  readonly run: () => void;
}

export interface PlaceToGo {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
}

export interface Seen {
  readonly models: readonly (string | null)[];
  readonly users: readonly (string | null)[];
  readonly keys: readonly (string | null)[];
}

export interface CommandContext {
  readonly screens: readonly PlaceToGo[];
  readonly sections: readonly PlaceToGo[];
  readonly seen: Seen;
  readonly settings: Pick<UiSettings, 'theme' | 'density' | 'utc'>;
  readonly paused: boolean;
  readonly comparing: boolean;
  readonly recordingPaused: boolean;
  readonly url: string | null; // where the gateway listens
  readonly canRestart: boolean;
  readonly snowflake: boolean; // configured
  readonly act: CommandActs;
}

export interface CommandActs {
  readonly go: (screen: string) => void;
  readonly openSection: (section: string) => void;
  readonly filterBy: (field: FilterField, value: string) => void;
  readonly save: (change: Partial<Pick<UiSettings, 'theme' | 'density' | 'utc'>>) => void;
  readonly toggleLive: () => void;
  readonly toggleCompare: () => void;
  readonly setRecording: (paused: boolean) => void;
  readonly exportCsv: () => void;
  readonly saveSummary: () => void;
  readonly copyUrl: () => void;
  readonly restart: () => void;
  readonly testSnowflake: () => void;
  readonly sync: () => void;
  readonly snoozeAlerts: () => void;
  readonly showKeys: () => void;
  readonly firstSteps: () => void;
}

/** Only what can be done now: no restart where the host cannot, no theme that is on already. */
export function commandsOf(context: CommandContext): readonly Command[] {
  const { screens, sections, seen, act } = context;
  const { models, users, keys } = seen;
  return [
    ...screens.map((place) => command('Screens', place, () => act.go(place.id))),
    ...sections.map((place) => command('Settings', place, () => act.openSection(place.id))),
    ...actions(context),
    ...values('Models', 'model', models, act),
    ...values('Users', 'user', users, act),
    ...values('Keys', 'key', keys, act),
  ];
}

function command(section: CommandSection, { id, label, hint }: PlaceToGo, run: () => void): Command {
  return { id: `${section} ${id}`, section, label, hint, run };
}

function values(
  section: CommandSection,
  field: FilterField,
  list: readonly (string | null)[],
  { filterBy }: CommandActs,
): Command[] {
  const known = [...new Set(list)].filter((value): value is string => value !== null && value !== '');
  return known.map((value) =>
    command(section, { id: value, label: value, hint: 'its requests' }, () => filterBy(field, value)),
  );
}

function actions(context: CommandContext): Command[] {
  const { paused, comparing, recordingPaused, url, canRestart, snowflake, act } = context;
  const action = (id: string, label: string, hint: string, run: () => void, when = true): Command[] =>
    when ? [command('Actions', { id, label, hint }, run)] : [];
  return [
    ...action('live', paused ? 'Resume live' : 'Pause live', 'L', act.toggleLive),
    recordingPaused
      ? command('Actions', { id: 'recording', label: 'Resume recording', hint: 'R P' }, () => act.setRecording(false))
      : command('Actions', { id: 'recording', label: 'Pause recording', hint: 'R P' }, () => act.setRecording(true)),
    ...action(
      'compare',
      comparing ? 'Stop comparing with the previous period' : 'Compare with the previous period',
      'C',
      act.toggleCompare,
    ),
    ...looks(context),
    ...action('export', 'Export calls as CSV', 'this period', act.exportCsv),
    ...action('summary', 'Save summary as PDF', 'print, report, this period', act.saveSummary),
    ...action('copy', 'Copy base URL', url ?? '', act.copyUrl, url !== null),
    ...action('restart', 'Restart gateway', 'gateway', act.restart, canRestart),
    ...action('test', 'Test Snowflake connection', 'Snowflake', act.testSnowflake, snowflake),
    ...action('sync', 'Sync to Snowflake now', 'Snowflake', act.sync, snowflake),
    ...action('budget', 'Set a budget', 'costs, alerts', () => act.openSection('alerts')),
    ...action('snooze', 'Snooze alerts for an hour', 'notices, budgets, alarms', act.snoozeAlerts),
    ...action('keys', 'Keyboard shortcuts', '?', act.showKeys),
    ...action('first-steps', 'Show the first steps again', 'help', act.firstSteps),
  ];
}

function looks({ settings: { theme, density, utc }, act: { save } }: CommandContext): Command[] {
  const look = (id: string, label: string, hint: string, change: Parameters<typeof save>[0]): Command =>
    command('Actions', { id, label, hint }, () => save(change));
  const themes = { dark: 'Dark theme', light: 'Light theme', system: 'Theme of the system' } as const;
  const others = (['dark', 'light', 'system'] as const).filter((name) => name !== theme);
  return [
    ...others.map((name) => look(`theme-${name}`, themes[name], 'appearance', { theme: name })),
    density === 'compact'
      ? look('density', 'Comfortable rows', 'density', { density: 'comfortable' })
      : look('density', 'Compact rows', 'density', { density: 'compact' }),
    utc
      ? look('utc', 'Show local time', 'time zone', { utc: false })
      : look('utc', 'Show times in UTC', 'time zone', { utc: true }),
  ];
}
