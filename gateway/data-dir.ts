/** The data directory when nobody named one: where each platform keeps an application's data for one user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

const folder = 'ai-studio-monitor';

/** XDG base directory specification on Linux, Application Support on macOS, LOCALAPPDATA on Windows (not roamed: databases live here). */
export function platformDataDir(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = env['HOME'] ?? homedir(),
): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), folder);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', folder);
  const xdg = env['XDG_DATA_HOME'];
  // The specification says to ignore a relative path.
  return join(xdg?.startsWith('/') === true ? xdg : join(home, '.local', 'share'), folder);
}
