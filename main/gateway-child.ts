import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ReadyLine } from '../contract/gateway-api.ts';
import type { ParentMessage } from '../contract/snowflake.ts';
import type { GatewayCommand } from './gateway-command.ts';

export interface GatewayExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of stderr, oldest first, or why the program could not be started at all. */
  readonly lastLines: readonly string[];
}

export interface GatewayChild {
  readonly pid: number | null;
  /** The ready line, or null when the process ended or stayed silent past the deadline (then it is killed). */
  readonly ready: Promise<ReadyLine | null>;
  readonly exited: Promise<GatewayExit>;
  /** Hands over by pipe what must not be in argv, environment or a file. A process that is going hears nothing. */
  tell(message: ParentMessage): void;
  /** Asks softly, then insists; resolves when the process is gone. */
  stop(): Promise<void>;
  /** For one that is being stopped: what still runs in it is cut off. */
  hasten(): void;
}

export interface ChildTimes {
  readonly readyMs: number; // from spawn to the ready line
  readonly askAgainMs: number; // closed pipe not heard: send a signal as well
  readonly killMs: number; // end of patience
}

export interface ChildOptions {
  readonly command: GatewayCommand;
  readonly args: readonly string[];
  readonly times: ChildTimes;
  readonly onLine: (line: string) => void;
}

const keptLines = 20;

/**
 * Starts one gateway process. Its stdin is the parent pipe: when we die in any way it closes, and the gateway stops by itself. A process
 * that cannot be started has ended at once.
 */
export function startGatewayChild({ command, args, times, onLine }: ChildOptions): GatewayChild {
  try {
    return linkTo(spawnGateway(command, args), times, onLine);
  } catch (error) {
    // Node reports some failures of the system by an event and throws the others (no memory, a binary that is being replaced).
    const reason = error instanceof Error ? error.message : String(error);
    onLine(reason);
    return neverStarted(reason);
  }
}

/** SIGUSR1 is for log rotation; Node would open its debugger. */
const nodeFlags = ['--disable-sigusr1'];

const spawnGateway = (command: GatewayCommand, args: readonly string[]): ChildProcess =>
  spawn(command.node, [...nodeFlags, command.entry, ...args], {
    cwd: command.cwd,
    env: command.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });

/** Without a free descriptor Node makes a child that has no pipes at all. */
function linkTo(child: ChildProcess, times: ChildTimes, onLine: (line: string) => void): GatewayChild {
  child.stdin?.on('error', () => undefined); // EPIPE of a process that is already gone: its exit tells the story
  const exited = watchExit(child, onLine);
  return {
    pid: child.pid ?? null,
    ready: firstReadyLine(child, exited, times.readyMs),
    exited,
    tell: (message) => {
      if (child.stdin?.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    stop: () => stopSoftly(child, exited, times),
    hasten: () => hasten(child),
  };
}

const neverStarted = (reason: string): GatewayChild => ({
  pid: null,
  ready: Promise.resolve(null),
  exited: Promise.resolve({ code: null, signal: null, lastLines: [reason] }),
  tell: () => undefined,
  stop: () => Promise.resolve(),
  hasten: () => undefined,
});

function watchExit(child: ChildProcess, onLine: (line: string) => void): Promise<GatewayExit> {
  const lastLines: string[] = [];
  const note = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    onLine(line);
  };
  if (child.stderr) createInterface({ input: child.stderr }).on('line', note);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      note(error.message);
      if (child.pid === undefined) resolve({ code: null, signal: null, lastLines }); // never started: no 'close' follows
    });
    // 'close' comes after the last byte of stderr, which is what explains an early end
    child.once('close', (code, signal) => resolve({ code, signal, lastLines }));
  });
}

function firstReadyLine(child: ChildProcess, exited: Promise<unknown>, deadlineMs: number): Promise<ReadyLine | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    const settle = (line: ReadyLine | null): void => {
      clearTimeout(timer);
      resolve(line);
    };
    void exited.then(() => settle(null));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseReadyLine(text);
      if (line !== null) settle(line);
    });
  });
}

function parseReadyLine(text: string): ReadyLine | null {
  try {
    const parsed = ReadyLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // something else was printed first
  }
}

const lastWordsMs = 1500;

/** A gateway that was asked before ends at once; any other one gets a moment to write down what it has. */
function hasten(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), lastWordsMs).unref();
}

async function stopSoftly(child: ChildProcess, exited: Promise<unknown>, times: ChildTimes): Promise<void> {
  child.stdin?.end();
  // Windows has no soft signal: there kill() ends a process at once, so only the pipe asks.
  const again = process.platform === 'win32' ? null : setTimeout(() => child.kill('SIGTERM'), times.askAgainMs);
  const last = setTimeout(() => child.kill('SIGKILL'), times.killMs);
  await exited;
  if (again !== null) clearTimeout(again);
  clearTimeout(last);
}
