import { z } from 'zod';
import { UpdateState } from '../contract/app-settings.ts';
import { UiSettings } from '../contract/ipc.ts';
import { Retention, SnowflakeSettings } from '../contract/snowflake.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { GatewayChoice } from './gateway-settings.ts';
import { readJsonFile } from './json-file.ts';
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
  /** Name of a damaged settings file that was set aside at start, else null. */
  readonly setAside: string | null;
}

/** Opens the app's settings file. A missing file means defaults; a damaged one is kept under another name and defaults are used. */
export async function openSettings(path: string, now: () => Date = () => new Date()): Promise<SettingsStore> {
  const { value, setAside } = await readJsonFile(path, Settings, now);
  let settings = value ?? Settings.parse({});
  let saving: Promise<void> = Promise.resolve();
  const change = async (part: Partial<Settings>): Promise<Settings> => {
    settings = Settings.parse({ ...settings, ...part });
    const text = `${JSON.stringify(settings, null, 2)}\n`;
    const save = saving.then(() => writeFileAtomic(path, text));
    saving = save.catch(() => undefined); // the caller of this change hears of it; the next change tries again
    await save;
    return settings;
  };
  return {
    current: () => settings,
    setAside,
    flush: () => saving,
    change,
    changeUi: (part) => change({ ui: UiSettings.parse({ ...settings.ui, ...onlyDefined(part) }) }),
  };
}

const onlyDefined = (part: UiChange): Record<string, unknown> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
