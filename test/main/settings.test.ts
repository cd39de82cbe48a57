import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSettings } from '../../main/settings.ts';

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
