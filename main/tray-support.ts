import { execFile } from 'node:child_process';

/**
 * Whether an icon put into the tray can be seen. Windows and macOS always show it. A Linux desktop does when something owns the status
 * notifier name on the session bus (GNOME needs an extension for it); Electron does not tell, so the bus is asked with the tool that comes
 * with GLib. Unknown counts as no: then closing the window quits, and no gateway runs out of sight.
 */
export function traySupported(
  platform: NodeJS.Platform,
  wish: 'auto' | 'on' | 'off',
  askTool = 'gdbus',
): Promise<boolean> {
  if (wish !== 'auto') return Promise.resolve(wish === 'on');
  if (platform !== 'linux') return Promise.resolve(true);
  const target = ['--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
  const question = ['--method', 'org.freedesktop.DBus.NameHasOwner', 'org.kde.StatusNotifierWatcher'];
  const asked = new Promise<boolean>((resolve) => {
    execFile(askTool, ['call', '--session', ...target, ...question], { timeout: 1500 }, (error, stdout) =>
      resolve(error === null && stdout.includes('true')),
    );
  });
  return asked.catch(() => false); // some failures to start a program are thrown
}
