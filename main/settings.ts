import { readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UiSettings } from '../contract/ipc.ts';
import { writeFileAtomic } from './atomic-file.ts';

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
  ui: UiSettings.prefault({}),
  window: WindowPlace.nullable().default(null),
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

interface Loaded {
  readonly settings: Settings;
  readonly setAside: string | null;
}

/** Opens the app's settings file. A missing file means defaults; a damaged one is kept under another name and defaults are used. */
export async function openSettings(path: string, now: () => Date = () => new Date()): Promise<SettingsStore> {
  const loaded = await load(path, now);
  let settings = loaded.settings;
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
    setAside: loaded.setAside,
    flush: () => saving,
    change,
    changeUi: (part) => change({ ui: UiSettings.parse({ ...settings.ui, ...onlyDefined(part) }) }),
  };
}

const onlyDefined = (part: UiChange): Record<string, unknown> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));

async function load(path: string, now: () => Date): Promise<Loaded> {
  const text = await readIfThere(path);
  if (text === null) return { settings: Settings.parse({}), setAside: null };
  const parsed = Settings.safeParse(parseJson(text));
  if (parsed.success) return { settings: parsed.data, setAside: null };
  const name = `${basename(path, '.json')}.damaged-${now().toISOString().replaceAll(/[:.]/g, '-')}.json`;
  await rename(path, join(dirname(path), name));
  return { settings: Settings.parse({}), setAside: name };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** `undefined` for text that is not JSON: no schema accepts it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
