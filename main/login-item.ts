/** Start at login, into the tray: a setting of the system on Windows and macOS, a file of ours on Linux desktops. */
import type { App } from 'electron';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoginItem } from '../contract/app-settings.ts';
import { AppError } from '../contract/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { autostartEntry, isEnabledEntry } from './desktop-entry.ts';

export interface LoginItemParts {
  readonly app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly execPath: string;
  /** A second installation beside the usual one; it is started as such. */
  readonly dataDir: string | null;
}

export interface LoginItemSetting {
  current(): Promise<LoginItem>;
  save(enabled: boolean): Promise<LoginItem>;
}

export function createLoginItem(parts: LoginItemParts): LoginItemSetting {
  const unsupported = unsupportedNote(parts);
  const switches = parts.platform === 'linux' ? autostartFile(parts) : systemSetting(parts);
  const current = async (): Promise<LoginItem> => ({
    enabled: unsupported === null && (await switches.isOn()),
    unsupported,
  });
  return {
    current,
    async save(enabled) {
      if (unsupported !== null) throw new AppError('not_supported_here', unsupported);
      await switches.turn(enabled);
      return current();
    },
  };
}

function unsupportedNote({ app, platform }: LoginItemParts): string | null {
  if (!app.isPackaged) return 'This is a development run: there is no installed app to start.';
  return ['linux', 'win32', 'darwin'].includes(platform) ? null : 'This system has no such setting.';
}

interface Switches {
  isOn(): Promise<boolean>;
  turn(on: boolean): Promise<void>;
}

const startArguments = ({ dataDir }: LoginItemParts): readonly string[] => [
  '--hidden',
  ...(dataDir === null ? [] : ['--data-dir', dataDir]),
];

/** https://www.electronjs.org/docs/latest/api/app#appsetloginitemsettingssettings-macos-windows; the arguments are of Windows only. */
function systemSetting(parts: LoginItemParts): Switches {
  const { app, execPath } = parts;
  const entry = { path: execPath, args: [...startArguments(parts)] };
  return {
    isOn: async () => app.getLoginItemSettings(entry).openAtLogin,
    turn: async (openAtLogin) => app.setLoginItemSettings({ ...entry, openAtLogin }),
  };
}

/** https://specifications.freedesktop.org/autostart-spec/latest/; the directory of the user goes before those of the system. */
function autostartFile(parts: LoginItemParts): Switches {
  const path = join(configFolder(parts), 'autostart', 'ai-studio-monitor.desktop');
  // An AppImage is mounted at another place each time; the file itself stays.
  const program = parts.env['APPIMAGE'] ?? parts.execPath;
  return {
    async isOn() {
      const text = await readFile(path, 'utf8').catch(ignoreMissing);
      return text !== null && isEnabledEntry(text);
    },
    turn: (on) =>
      on
        ? writeFileAtomic(
            path,
            autostartEntry({
              name: 'AI Studio Monitor',
              comment: 'Meters AI API calls from the tray',
              command: [program, ...startArguments(parts)],
            }),
          )
        : rm(path, { force: true }),
  };
}

/** "All paths must be absolute. A relative path is invalid and is ignored" (XDG base directories). */
function configFolder({ env, home }: LoginItemParts): string {
  const named = env['XDG_CONFIG_HOME'];
  return named?.startsWith('/') === true ? named : join(home, '.config');
}

function ignoreMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
