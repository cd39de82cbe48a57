/** One life of the warehouse process: started, talked to, ended. */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { ToChild, ToParent } from './protocol.ts';

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly reason?: string;
}

export interface ChildLink {
  readonly pid: number | undefined;
  send(message: ToChild): void;
  kill(): void;
  /** Resolves when the process is gone; a process that could not be started is gone at once. */
  readonly ended: Promise<ChildEnd>;
}

/** Nobody debugs it by a signal. */
export const nodeFlags = ['--disable-sigusr1'];

export interface ChildEvents {
  readonly onMessage: (message: ToParent) => void;
  /** What Node or native code says on stderr, mostly about its end. */
  readonly onText: (text: string) => void;
}

/**
 * A group of its own, because a terminal's signals are for the gateway. Its stderr is not ours: to hand a descriptor on turns non-blocking
 * writes to it off, and then a reader that takes nothing would stop the proxy.
 */
const forkOptions: ForkOptions = {
  stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  execArgv: nodeFlags,
  detached: process.platform !== 'win32', // there it would open a window
};

/** @param entry the child's module; it runs on the same Node as this process, without its debugger flags */
export function startChild(entry: URL, events: ChildEvents): ChildLink {
  try {
    return linkTo(fork(entry, [], { ...forkOptions, env: withoutPoolSize(withoutSecrets(process.env)) }), events);
  } catch (error) {
    // Node reports some failures of the system by an event and throws the others (no memory, a binary that is being replaced).
    return neverStarted(messageOf(error));
  }
}

function linkTo(child: ChildProcess, { onMessage, onText }: ChildEvents): ChildLink {
  yieldToProxy(child.pid);
  child.stderr?.setEncoding('utf8').on('data', onText);
  child.on('message', (message) => onMessage(message as ToParent)); // the one untyped door; both ends are one build
  return {
    pid: child.pid,
    send: (message) => {
      // A channel that closed a moment ago is reported by `ended`, which is where every loss is dealt with.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
    ended: endOf(child),
  };
}

const neverStarted = (reason: string): ChildLink => ({
  pid: undefined,
  send: () => undefined,
  kill: () => undefined,
  ended: Promise.resolve({ code: null, signal: null, reason }),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The size of the pool is the gateway's: DuckDB's questions run in it, and four at once is what two cores are for. */
function withoutPoolSize(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { UV_THREADPOOL_SIZE: _size, ...rest } = env;
  return rest;
}

/** An environment can be read by every process of the user, for as long as its own lives: Snowflake's secrets go by IPC instead. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('SNOWFLAKE_')));
}

/** Questions and delivery take what proxied traffic leaves of the processor (P2). A system that refuses runs them at normal priority. */
function yieldToProxy(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, reason: error.message });
    });
  });
}

const nativeSignals: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE']);
const windowsFault = 0xc0000000;

/** The process was ended by a fault in native code, not by somebody and not by its own decision. */
export function isNativeCrash({ code, signal }: ChildEnd): boolean {
  return (signal !== null && nativeSignals.has(signal)) || (code !== null && code >= windowsFault);
}

export function describeEnd({ code, signal, reason = 'unknown reason' }: ChildEnd): string {
  if (signal !== null) return `ended by ${signal}`;
  return code === null ? `could not be started (${reason})` : `ended with code ${code}`;
}
