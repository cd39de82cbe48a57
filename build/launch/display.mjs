import { spawn } from 'node:child_process';
import { LaunchError } from './messages.mjs';

/**
 * Whether a window could be shown. Only Linux runs without a desktop as a matter of course.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  return platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * Chromium refuses to run as root inside its sandbox, so root, and root only, goes without.
 * @param {NodeJS.Platform} platform
 * @param {number | undefined} userId
 * @returns {readonly string[]} switches for Electron
 */
export function sandboxSwitches(platform, userId) {
  return platform === 'linux' && userId === 0 ? ['--no-sandbox'] : [];
}

/**
 * Starts an X server without a screen. It picks a free display number itself and tells it over a pipe, so two test runs never collide.
 * @returns {Promise<{ display: string, stop(): Promise<void> }>}
 */
export function startVirtualDisplay() {
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const killAtExit = () => server.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise((resolve) => server.once('close', resolve));
  const stop = async () => {
    process.off('exit', killAtExit);
    server.kill('SIGTERM');
    await ended;
  };
  return new Promise((resolve, reject) => {
    let complaint = '';
    server.stderr?.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    server.stdio[3]?.once('data', (number) => resolve({ display: `:${String(number).trim()}`, stop }));
    server.once('error', (error) => reject(new LaunchError(`Xvfb did not start: ${error.message}`)));
    server.once('close', () => reject(new LaunchError(`Xvfb did not start: ${complaint.trim()}`)));
  });
}
