/** Interface settings of a browser, in its local storage. What cannot be read falls back to the defaults field by field. */
import { UiSettings, type AskInput } from '../../contract/ipc.ts';

/** The key `public/theme-boot.js` reads before the first paint. */
export const settingsKey = 'aism.ui';

export function readSettings(storage: Storage): UiSettings {
  const raw = parse(storage.getItem(settingsKey));
  const whole = UiSettings.safeParse(raw);
  return whole.success ? whole.data : UiSettings.parse({});
}

export function writeSettings(storage: Storage, change: AskInput<'saveUiSettings'>): UiSettings {
  const settings = UiSettings.parse({ ...readSettings(storage), ...change });
  storage.setItem(settingsKey, JSON.stringify(settings));
  return settings;
}

function parse(text: string | null): unknown {
  if (text === null) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {}; // written by something else: the defaults apply
  }
}
