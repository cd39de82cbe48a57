/** Interface settings of a browser, in its local storage. What cannot be read falls back to the defaults field by field. */
import { UiSettings, type AskInput } from '../../contract/ipc.ts';
import { parseLeniently } from '../../contract/lenient-parse.ts';

/** The key `public/theme-boot.js` reads before the first paint. */
export const settingsKey = 'aism.ui';

/** A browser looks at a gateway that somebody has set up: the first steps wait there until they are asked for. */
const setUpElsewhere = { onboarded: true };

export function readSettings(storage: Storage): UiSettings {
  const stored = { ...setUpElsewhere, ...parse(storage.getItem(settingsKey)) };
  return parseLeniently(UiSettings, stored, UiSettings.parse(setUpElsewhere)).value;
}

export function writeSettings(storage: Storage, change: AskInput<'saveUiSettings'>): UiSettings {
  const settings = UiSettings.parse({ ...readSettings(storage), ...change });
  storage.setItem(settingsKey, JSON.stringify(settings));
  return settings;
}

function parse(text: string | null): object {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // written by something else: the defaults apply
  }
}
