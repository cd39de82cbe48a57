import { ensureBuilt } from '../launch/app-build.mjs';
import { isStopping, run as runProgram } from '../launch/children.mjs';
import { hasDisplay } from '../launch/display.mjs';
import { ensureElectron } from '../launch/electron.mjs';
import { LaunchError, say } from '../launch/messages.mjs';
import { root } from '../launch/places.mjs';
import { ensureSystemLibraries } from '../launch/system-libraries.mjs';
import { windowLaunch } from '../launch/window-launch.mjs';
import { run as runGateway } from './gateway.mjs';

/**
 * The app in a window, or the gateway alone where there can be no window.
 * @param {readonly string[]} args
 */
export async function run(args) {
  const obstacle = hasDisplay(process.platform, process.env)
    ? null
    : 'No display here (neither DISPLAY nor WAYLAND_DISPLAY is set).';
  const electron = obstacle === null ? await electronOrReason() : obstacle;
  if (isStopping()) return 130;
  if (typeof electron === 'string') {
    say(
      `${electron}\nRunning the gateway without a window; its dashboard opens in any browser with the link it prints.`,
    );
    return runGateway(args);
  }
  await ensureBuilt();
  if (isStopping()) return 130;
  const { command, switches, env } = windowLaunch(electron);
  return runProgram(command, [...switches, root, ...args], { env });
}

/** @returns {Promise<import('../launch/electron.mjs').Electron | string>} why there can be no window, if so */
async function electronOrReason() {
  try {
    const electron = await ensureElectron();
    const libraries = await ensureSystemLibraries({ electronPath: electron.path, needsVirtualDisplay: false });
    return libraries.ok ? electron : libraries.message;
  } catch (error) {
    if (error instanceof LaunchError) return error.message;
    throw error;
  }
}
