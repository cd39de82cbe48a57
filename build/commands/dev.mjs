import { run as runProgram } from '../launch/children.mjs';
import { ensureElectron } from '../launch/electron.mjs';
import { LaunchError } from '../launch/messages.mjs';
import { root, toolScript } from '../launch/places.mjs';
import { ensureSystemLibraries } from '../launch/system-libraries.mjs';
import { windowLaunch } from '../launch/window-launch.mjs';

/**
 * The app with the renderer served by Vite and reloaded on change.
 * @param {readonly string[]} args
 */
export async function run(args) {
  const electron = await ensureElectron();
  const libraries = await ensureSystemLibraries({ electronPath: electron.path, needsVirtualDisplay: false });
  if (!libraries.ok) throw new LaunchError(libraries.message);
  const { command, switches, env } = windowLaunch(electron);
  const script = toolScript('electron-vite');
  return runProgram(process.execPath, [script, 'dev', '--watch', '--', ...switches, ...args], {
    cwd: root,
    env: { ...env, ELECTRON_EXEC_PATH: command },
  });
}
