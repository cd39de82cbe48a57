/** Reads one setting through the layers and checks it; the message of a bad one says its name, its source and what is accepted. */
import { AppError } from '../contract/errors.ts';
import type { Found, Layer, SettingKey } from './config-layers.ts';

export interface Reader {
  text(key: SettingKey, fallback: string, accepts: string, check: (text: string) => boolean): string;
  optionalText(key: SettingKey, accepts: string, check: (text: string) => boolean): string | null;
  list(key: SettingKey, accepts: string, check: (text: string) => boolean): readonly string[];
  whole(key: SettingKey, fallback: number, least: number, most: number): number;
  optionalWhole(key: SettingKey, least: number, most: number): number | null;
  choice<const T extends string>(key: SettingKey, fallback: NoInfer<T>, choices: readonly T[]): T;
  flag(key: SettingKey, fallback: boolean): boolean;
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

export function reader(layers: readonly Layer[]): Reader {
  const find = (key: SettingKey): Found | null => {
    for (const layer of layers) {
      const found = layer.setting(key);
      if (found !== null) return found;
    }
    return null;
  };
  /** Value of one setting: `parse` yields undefined for what is not accepted. */
  const one = <T>(key: SettingKey, accepts: string, parse: (text: string) => T | undefined): T | null => {
    const found = find(key);
    if (found === null) return null;
    const parsed = found.values.length === 1 ? parse(found.values[0] ?? '') : undefined;
    if (parsed === undefined) throw badValue(found, found.values.join(', '), accepts);
    return parsed;
  };
  const wholeOf = (key: SettingKey, least: number, most: number): number | null => {
    const inside = (value: number): boolean => value >= least && value <= most;
    const parse = (text: string) => (/^\d{1,15}$/.test(text) && inside(Number(text)) ? Number(text) : undefined);
    return one(key, `a whole number from ${least} to ${most}`, parse);
  };
  return {
    text: (key, fallback, accepts, check) => one(key, accepts, (text) => (check(text) ? text : undefined)) ?? fallback,
    optionalText: (key, accepts, check) => one(key, accepts, (text) => (check(text) ? text : undefined)),
    list(key, accepts, check) {
      const found = find(key);
      const bad = found?.values.find((text) => !check(text));
      if (found !== null && bad !== undefined) throw badValue(found, bad, accepts);
      return found?.values ?? [];
    },
    whole: (key, fallback, least, most) => wholeOf(key, least, most) ?? fallback,
    optionalWhole: (key, least, most) => wholeOf(key, least, most),
    choice: (key, fallback, choices) =>
      one(key, choices.join(', '), (text) => choices.find((choice) => choice === text)) ?? fallback,
    flag: (key, fallback) => one(key, 'true, false', (text) => booleans[text.toLowerCase()]) ?? fallback,
  };
}

/** @param shown the value as it may be printed; secrets are never passed here */
export function badValue(found: Pick<Found, 'name' | 'source'>, shown: string, accepts: string): AppError {
  return new AppError(
    'bad_config',
    `${found.name} is "${shown}" (from ${describeSource(found.source)}). Accepted: ${accepts}.`,
    {
      field: found.name,
    },
  );
}

export const describeSource = (source: string): string =>
  source === 'command line' || source === 'environment' ? `the ${source}` : source;
