import { sandboxSwitches } from './display.mjs';
import { say } from './messages.mjs';

/**
 * How a prepared Electron is started: its switches, and the Node that the app runs its gateway on (never Electron's own).
 * @param {import('./electron.mjs').Electron} electron
 */
export function windowLaunch(electron) {
  const switches = sandboxSwitches(process.platform, process.getuid?.());
  if (switches.length > 0) say('Running as root: Electron starts with --no-sandbox.');
  if (electron.source === 'registry') say(`Using Electron ${electron.version} from the npm registry.`);
  return { command: electron.path, switches, env: { AISM_NODE_PATH: process.execPath } };
}
