import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UpdateState } from '../contract/app-settings.ts';
import { UiSettings } from '../contract/ipc.ts';
import { Retention, SnowflakeSettings } from '../contract/snowflake.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { choiceFrom, GatewayChoice } from './gateway-settings.ts';
import { damagedName, readJsonFile } from './json-file.ts';
import { parseLeniently } from '../contract/lenient-parse.ts';
import { ReportMemory } from './reports/report-memory.ts';

export const WindowPlace = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof WindowPlace>;

export const Settings = z.object({
  port: z.int().min(0).max(65_535).default(8787),
  gateway: GatewayChoice.nullable().default(null), // null: its environment and its own defaults
  updates: UpdateState.shape.mode.default('off'),
  ui: UiSettings.prefault({}),
  window: WindowPlace.nullable().default(null),
  /** Without secrets: those are in the vault. Null = the app itself has none; the environment may. */
  snowflake: SnowflakeSettings.nullable().default(null),
  retention: Retention.nullable().default(null), // null: what the environment says
  report: ReportMemory.prefault({}),
  toldAlerts: z.array(z.string()).default([]), // ids of alerts that were told as notices
});
export type Settings = z.infer<typeof Settings>;

type UiChange = { readonly [K in keyof UiSettings]?: UiSettings[K] | undefined };

export interface SettingsStore {
  current(): Settings;
  /** Merges and saves; saves follow each other, so the file ends with the last change. */
  change(part: Partial<Settings>): Promise<Settings>;
  /** The same for the page's own settings; a field that is undefined stays as it is. */
  changeUi(part: UiChange): Promise<Settings>;
  /** Resolves when every change asked for so far is on disk, or has failed. */
  flush(): Promise<void>;
  /** Name of the copy of a damaged settings file, made at start; null when nothing was damaged, or nothing could be copied. */
  readonly setAside: string | null;
  /** Fields of that file which were reset, for example `ui.theme`; none when the file was no JSON object, so that all were. */
  readonly reset: readonly string[];
}

/**
 * Opens the app's settings file. A missing file means defaults. A field that is not valid, such as one of a newer version, is reset alone;
 * the file as it was is kept under another name.
 * @throws the file system's error when the file is there and cannot be read: the settings of a user are not guessed.
 */
export async function openSettings(path: string, now: () => Date = () => new Date()): Promise<SettingsStore> {
  const { setAside, reset, ...read } = await readSettings(path, now);
  let settings = read.settings;
  let saving: Promise<void> = Promise.resolve();
  const change = async (part: Partial<Settings>): Promise<Settings> => {
    settings = Settings.parse({ ...settings, ...part });
    const text = textOf(settings);
    const save = saving.then(() => writeFileAtomic(path, text));
    saving = save.catch(() => undefined); // the caller of this change hears of it; the next change tries again
    await save;
    return settings;
  };
  return {
    current: () => settings,
    setAside,
    reset,
    flush: () => saving,
    change,
    changeUi: (part) => change({ ui: UiSettings.parse({ ...settings.ui, ...onlyDefined(part) }) }),
  };
}

interface ReadSettings extends Pick<SettingsStore, 'setAside' | 'reset'> {
  readonly settings: Settings;
}

async function readSettings(path: string, now: () => Date): Promise<ReadSettings> {
  const { value, setAside } = await readJsonFile(path, z.record(z.string(), z.unknown()), now);
  const { value: settings, rejected } = parseLeniently(Settings, value ?? {}, fallback);
  if (rejected.length === 0) return { settings, setAside, reset: [] };
  const name = damagedName(path, now());
  const copied = await copyFile(path, join(dirname(path), name)).then(
    () => true,
    () => false, // a full disk must not stop the start; then nothing is written over the file now, either
  );
  if (copied) await writeFileAtomic(path, textOf(settings));
  return { settings, setAside: copied ? name : null, reset: rejected };
}

/** What stands in for a field that is not valid. A user name is never kept in clear because its policy could not be read. */
const fallback = { ...Settings.parse({}), gateway: { ...choiceFrom({}), userIds: 'hashed' } };

const textOf = (settings: Settings): string => `${JSON.stringify(settings, null, 2)}\n`;

const onlyDefined = (part: UiChange): Record<string, unknown> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
