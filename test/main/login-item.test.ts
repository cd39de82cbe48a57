import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoginItem, type LoginItemParts } from '../../main/login-item.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aism login '));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** The system's own setting, as Windows and macOS keep it. */
function systemApp(isPackaged = true) {
  const given: object[] = [];
  let openAtLogin = false;
  const app = {
    isPackaged,
    getLoginItemSettings: () => ({ openAtLogin }),
    setLoginItemSettings: (settings: { openAtLogin?: boolean }) => {
      given.push(settings);
      openAtLogin = settings.openAtLogin === true;
    },
  };
  // Of the whole API only these fields are read.
  return { given, app: app as unknown as LoginItemParts['app'] };
}

const setting = (parts: Partial<LoginItemParts> = {}) =>
  createLoginItem({
    app: systemApp().app,
    platform: 'linux',
    env: {},
    home,
    execPath: '/opt/AI Studio Monitor/ai-studio-monitor',
    dataDir: null,
    ...parts,
  });
const file = (folder = join(home, '.config')): string => join(folder, 'autostart', 'ai-studio-monitor.desktop');

describe('start at login on a Linux desktop', () => {
  it('is off at first, on with a file, off without it', async () => {
    const item = setting();
    expect(await item.current()).toEqual({ enabled: false, unsupported: null });
    expect(await item.save(true)).toEqual({ enabled: true, unsupported: null });
    expect(await readFile(file(), 'utf8')).toBe(
      [
        '[Desktop Entry]',
        'Type=Application',
        'Version=1.5',
        'Name=AI Studio Monitor',
        'Comment=Meters AI API calls from the tray',
        'Exec="/opt/AI Studio Monitor/ai-studio-monitor" --hidden',
        'Terminal=false',
        'X-GNOME-Autostart-enabled=true',
        '',
      ].join('\n'),
    );
    expect(await readdir(join(home, '.config', 'autostart'))).toEqual(['ai-studio-monitor.desktop']); // no draft is left
    expect(await item.save(false)).toEqual({ enabled: false, unsupported: null });
    expect(await item.save(false)).toEqual({ enabled: false, unsupported: null });
    expect(await readdir(join(home, '.config', 'autostart'))).toEqual([]);
  });

  it('honours XDG_CONFIG_HOME, and ignores a relative one', async () => {
    const elsewhere = join(home, 'settings of mine');
    await setting({ env: { XDG_CONFIG_HOME: elsewhere } }).save(true);
    expect((await stat(file(elsewhere))).isFile()).toBe(true);
    await setting({ env: { XDG_CONFIG_HOME: 'relative' } }).save(true);
    expect((await stat(file())).isFile()).toBe(true);
  });

  it('starts an AppImage by its own path, and a second installation as such', async () => {
    await setting({ env: { APPIMAGE: '/home/ana/monitor.AppImage' }, dataDir: '/srv/second' }).save(true);
    expect(await readFile(file(), 'utf8')).toContain(
      'Exec=/home/ana/monitor.AppImage --hidden --data-dir /srv/second\n',
    );
  });

  it('knows when a session manager has switched it off', async () => {
    const item = setting();
    await item.save(true);
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('enabled=true', 'enabled=false'));
    expect(await item.current()).toMatchObject({ enabled: false });
    await item.save(true);
    await writeFile(file(), `${await readFile(file(), 'utf8')}Hidden=true\n`);
    expect(await item.current()).toMatchObject({ enabled: false });
  });

  it('quotes a path so that a desktop starts exactly that program', async () => {
    const folder = join(home, 'odd "name" $HOME `id` back\\slash 100%');
    const program = join(folder, 'app');
    await mkdir(folder);
    await writeFile(program, '#!/bin/sh\nprintf "%s|" "$0" "$@"\n');
    await chmod(program, 0o755);
    await setting({ execPath: program, dataDir: '/srv/a b' }).save(true);
    const exec = /^Exec=(.*)$/m.exec(await readFile(file(), 'utf8'))?.[1] ?? '';
    // What a desktop does: first the escapes of a value, then %%, then the words of a command line, whose quoting a shell shares.
    const command = exec.replaceAll('\\\\', '\\').replaceAll('%%', '%');
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
    expect(stdout).toBe(`${program}|--hidden|--data-dir|/srv/a b|`);
  });
});

describe('start at login elsewhere', () => {
  it.each(['win32', 'darwin'] as const)('is a setting of %s', async (platform) => {
    const { app, given } = systemApp();
    const item = setting({ app, platform });
    expect(await item.save(true)).toEqual({ enabled: true, unsupported: null });
    expect(given).toEqual([
      { path: '/opt/AI Studio Monitor/ai-studio-monitor', args: ['--hidden'], openAtLogin: true },
    ]);
    expect(await item.save(false)).toMatchObject({ enabled: false });
  });

  it('is refused with the reason where there is no installed app, or no such setting', async () => {
    const run = setting({ app: systemApp(false).app });
    expect(await run.current()).toMatchObject({ enabled: false, unsupported: expect.stringContaining('development') });
    await expect(run.save(true)).rejects.toMatchObject({ code: 'not_supported_here' });
    expect((await setting({ platform: 'freebsd' }).current()).unsupported).toContain('no such setting');
  });
});
