import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Programs the launcher starts. A signal that reaches the launcher reaches them; the launcher waits for them, so nothing is left behind
 * and their exit code becomes ours. A second signal, or the deadline, kills them.
 */
const stopDeadlineMs = 20_000;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** Those of them that decide themselves what a signal means and how long their end may take. */
/** @type {WeakSet<import('node:child_process').ChildProcess>} */
const services = new WeakSet();
const mostStopRequests = 6;
let stopRequests = 0;
/** @type {NodeJS.Signals | null} */
let stoppedBy = null;

/** @param {NodeJS.Signals} signal */
function onSignal(signal) {
  const children = [...running];
  if (children.length > 0 && children.every((child) => services.has(child))) {
    passOn(signal);
    return;
  }
  if (stoppedBy !== null || running.size === 0) {
    for (const child of running) child.kill('SIGKILL');
    process.exit(exitCodeOf(null, stoppedBy ?? signal));
  }
  stoppedBy = signal;
  if (!isAlreadyThere(signal)) for (const child of running) child.kill(signal);
  setTimeout(() => {
    for (const child of running) child.kill('SIGKILL');
  }, stopDeadlineMs).unref();
}

/**
 * A terminal sends Ctrl+C to the whole foreground group: the children have it already, and a second one would mean "at once" to them.
 * @param {NodeJS.Signals} signal
 */
const isAlreadyThere = (signal) => signal === 'SIGINT' && process.stdin.isTTY;

/** @type {ReadonlySet<NodeJS.Signals>} */
const stopSignals = new Set(['SIGINT', 'SIGTERM', 'SIGQUIT']);

/**
 * A service finishes its running calls, which may take longer than we would wait. It is killed only by somebody who insists.
 * @param {NodeJS.Signals} signal
 */
function passOn(signal) {
  if (stopSignals.has(signal)) {
    stoppedBy ??= signal;
    stopRequests += 1;
  }
  const insists = stopRequests >= mostStopRequests;
  if (insists || !isAlreadyThere(signal)) for (const child of running) child.kill(insists ? 'SIGKILL' : signal);
}

/**
 * Log rotation and the like; without a listener the first would open Node's debugger, and the second would end us.
 * @param {NodeJS.Signals} signal
 */
function onNotice(signal) {
  for (const child of running) if (services.has(child)) child.kill(signal);
}

let listening = false;
function listenForSignals() {
  if (listening) return;
  listening = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'])) process.on(signal, onSignal);
  for (const signal of /** @type {const} */ (['SIGUSR1', 'SIGUSR2'])) process.on(signal, onNotice);
}

/**
 * The exit code a shell would report.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCodeOf(code, signal) {
  return code ?? 128 + (signal === null ? 1 : constants.signals[signal]);
}

/** True once a signal asked the launcher to stop: no further step may start. */
export function isStopping() {
  return stoppedBy !== null;
}

/**
 * @typedef {object} ChildOptions
 * @property {NodeJS.ProcessEnv} [env] added to the launcher's own environment
 * @property {string} [cwd]
 * @property {import('node:child_process').StdioOptions} [stdio]
 * @property {boolean} [shell]
 * @property {boolean} [service] the program decides itself what a signal means: it gets each one, and is not killed at a deadline
 * @property {number} [timeoutMs] the child is stopped after this long
 */

/**
 * Runs a program to its end with our terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<number>} its exit code, 128 + n when signal n ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = startChild(command, args, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

/**
 * Runs a program to its end and keeps what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} stdout and stderr together; code 127 when the program does not exist
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = startChild(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) => resolve({ code: exitCodeOf(code, signal), output }));
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} options
 */
function startChild(command, args, { env, timeoutMs, service = false, ...rest }) {
  listenForSignals();
  const child = spawn(command, args, { ...rest, env: { ...process.env, ...env }, timeout: timeoutMs });
  running.add(child);
  if (service) services.add(child);
  child.once('error', () => running.delete(child));
  child.once('close', () => running.delete(child));
  return child;
}
