import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSettings, Settings } from '../../main/settings.ts';

type Path = readonly (string | number)[];

/** Settings of somebody who has used everything. */
const used = Settings.parse({
  port: 9010,
  gateway: {
    host: '::1',
    tlsCert: '/tls/cert.pem',
    tlsKey: '/tls/key.pem',
    upstreams: [{ name: 'mine', url: 'https://api.example.com', provider: 'openai' }],
    streamUsage: false,
    drainMs: 500,
    userIds: 'none',
  },
  updates: 'check',
  ui: {
    theme: 'dark',
    density: 'compact',
    utc: true,
    onboarded: true,
    closeToTrayExplained: true,
    requestColumns: ['at', 'model'],
    savedFilters: [{ name: 'Errors', search: 'x', filter: {} }],
    notices: { alerts: false, gatewayDown: false, snowflakeDown: false },
  },
  window: { x: 1, y: 2, width: 1000, height: 800, maximized: true },
  snowflake: {
    profile: { account: 'org-a', user: 'U', warehouse: 'W', database: 'D', schema: 'S' },
    delivery: { intervalMinutes: 5 },
  },
  retention: { localDays: 30, snowflakeDays: 60 },
  toldAlerts: ['one', 'two'],
});

/** Where a bad value cannot be replaced alone: an entry of a list, or a part without defaults of its own. */
const groups: readonly Path[] = [
  ['window'],
  ['snowflake'],
  ['retention'],
  ['gateway', 'upstreams', 0],
  ['ui', 'savedFilters', 0],
];

const group = (at: Path): Path =>
  groups.find((each) => startsWith(at, each)) ?? (typeof at.at(-1) === 'number' ? at.slice(0, -1) : at);

const startsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key);

function leaves(value: unknown, at: Path = []): [string, Path][] {
  if (typeof value !== 'object' || value === null) return [[at.join('.'), at]];
  return Object.entries(value).flatMap(([key, below]) =>
    leaves(below, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

const valueAt = (value: unknown, at: Path): unknown => at.reduce<unknown>((part, key) => Object(part)[key], value);

function replaceAt(value: object, at: Path, other: unknown): void {
  Object(valueAt(value, at.slice(0, -1)))[String(at.at(-1))] = other;
}

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the settings of the app', () => {
  test('are the defaults when there is no file, and none is written', async () => {
    const settings = await openSettings(path);
    expect(settings.current()).toMatchObject({ port: 8787, window: null, ui: { theme: 'system', utc: false } });
    expect(await readdir(folder)).toEqual([]);
  });

  test('survive a restart and can be read by their owner only', async () => {
    const window = { x: 1, y: 2, width: 1100, height: 800, maximized: true };
    const settings = await openSettings(path);
    await settings.change({ port: 9000, window });
    await settings.changeUi({ theme: 'dark', density: undefined });
    const again = await openSettings(path);
    expect(again.current()).toMatchObject({ port: 9000, window, ui: { theme: 'dark', density: 'comfortable' } });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['settings.json']); // no draft is left
  });

  test('end with the last of many changes at once', async () => {
    const settings = await openSettings(path);
    for (let port = 9000; port < 9030; port++) void settings.change({ port });
    await settings.flush();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ port: 9029 });
  });

  test.each(['{ not json', '{"port":"eighty"}', '[]', '\0\0\0'])(
    'a damaged file (%j) is kept aside under a name that is told',
    async (text) => {
      await writeFile(path, text);
      const settings = await openSettings(path, () => new Date('2026-11-23T10:00:00.000Z'));
      expect(settings.setAside).toBe('settings.damaged-2026-11-23T10-00-00-000Z.json');
      expect(settings.current().port).toBe(8787);
      expect(await readFile(join(folder, settings.setAside ?? ''), 'utf8')).toBe(text);
      await settings.change({ port: 9001 });
      expect((await openSettings(path)).setAside).toBeNull();
    },
  );

  test('that cannot be read stop the start instead of becoming defaults', async () => {
    await mkdir(path);
    await expect(openSettings(path)).rejects.toThrow('EISDIR');
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test.each(leaves(used))('with a value of another kind at %s are reset there and nowhere else', async (_name, at) => {
    const document = structuredClone(used);
    replaceAt(document, at, { from: 'a newer version' });
    const text = JSON.stringify(document);
    await writeFile(path, text);
    const opened = await openSettings(path);
    expect(opened.reset.join()).toContain(String(at[0]));
    expect(await readFile(join(folder, opened.setAside ?? ''), 'utf8')).toBe(text);
    const gone = group(at);
    const kept = leaves(used).filter(([, other]) => !startsWith(other, gone));
    for (const [name, other] of kept)
      expect([name, valueAt(opened.current(), other)]).toEqual([name, valueAt(used, other)]);
    const again = await openSettings(path);
    expect([again.current(), again.setAside, again.reset]).toEqual([opened.current(), null, []]);
  });

  test('keep a user name private when the rule for it is not valid', async () => {
    await writeFile(path, JSON.stringify({ gateway: { ...used.gateway, userIds: 'tokenised' } }));
    expect((await openSettings(path)).current().gateway).toEqual({ ...used.gateway, userIds: 'hashed' });
  });

  test('leave the choice of the gateway to its environment when that part has another shape', async () => {
    await writeFile(path, '{"gateway":"fast","ui":{"onboarded":true,"theme":"sepia"}}');
    const opened = await openSettings(path);
    expect(opened.reset).toEqual(['gateway', 'ui.theme']);
    expect(opened.current()).toMatchObject({ gateway: null, ui: { onboarded: true, theme: 'system' } });
  });

  test('fields of a newer version are no damage', async () => {
    await writeFile(path, '{"port":9002,"fromTheFuture":true}');
    const settings = await openSettings(path);
    expect(settings.current().port).toBe(9002);
    expect(settings.setAside).toBeNull();
  });

  test('a save that fails is told to whoever asked, and the next one works', async () => {
    const settings = await openSettings(join(folder, 'gone', 'settings.json'));
    await writeFile(join(folder, 'gone'), 'a file where the folder should be');
    await expect(settings.change({ port: 9003 })).rejects.toThrow('EEXIST');
    await rm(join(folder, 'gone'));
    await settings.change({ port: 9004 });
    expect((await openSettings(join(folder, 'gone', 'settings.json'))).current().port).toBe(9004);
  });
});
