/**
 * What of a suspect database file can be read. Reading it may end the process that does (DuckDB aborts on some damage), so that is a process
 * of its own, started with the warehouse process's own module and one more argument; here is the side that asks it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { nodeFlags, withoutSecrets } from './child-link.ts';

/** `unknown`: it could not be read now, which says nothing about the file. */
export type Verdict = 'intact' | 'damaged' | 'unknown';
/** `all`: every table, positions of the streams included. `part`: calls alone, and not all of them. */
export type Rescued = 'all' | 'part' | 'nothing';

export interface Rescuer {
  /** Reads every value of the file; changes nothing. */
  verify(path: string): Promise<Verdict>;
  /** Copies what can be read into a new file; `nothing` leaves none behind. */
  copy(from: string, to: string): Promise<Rescued>;
}

export type RescueTask = 'verify' | 'copy' | 'copy-rows';
export type RescueNews =
  | { readonly kind: 'opened' }
  | { readonly kind: 'copied'; readonly nextRow: number }
  | { readonly kind: 'failed'; readonly verdict: Verdict; readonly detail: string }
  | { readonly kind: 'done' };

/** First argument of the process; then the task, its files, and for `copy-rows` the first row. */
export const rescueArgument = 'rescue';
/** DuckDB's row group: damage seldom reaches beyond one. */
export const rowsPerStep = 122_880;

const mostFaults = 16;
const longestMs = 600_000;

export function createRescuer(entry: URL): Rescuer {
  return {
    verify: async (path) => {
      const end = await run(entry, ['verify', path]);
      if (end.done) return 'intact';
      return end.verdict ?? (end.killed ? 'unknown' : 'damaged');
    },
    copy: async (from, to) => {
      await removeDatabase(to);
      if ((await run(entry, ['copy', from, to])).done) return 'all';
      await removeDatabase(to);
      const rescued = await copyRows(entry, from, to);
      if (rescued === 'nothing') await removeDatabase(to);
      return rescued;
    },
  };
}

export async function removeDatabase(path: string): Promise<void> {
  for (const name of [path, `${path}.wal`]) await rm(name, { force: true });
}

/** Step by step: the step that fails or ends the process is left out. */
async function copyRows(entry: URL, from: string, to: string): Promise<Rescued> {
  let next = 0;
  let copied = false;
  for (let faults = 0; faults < mostFaults; faults += 1) {
    const end = await run(entry, ['copy-rows', from, to, String(next)]);
    if (!end.opened) break; // the file as such cannot be read
    copied ||= end.nextRow > next;
    if (end.done) break;
    next = Math.max(next, end.nextRow) + rowsPerStep;
  }
  return copied ? 'part' : 'nothing';
}

interface End {
  readonly opened: boolean;
  readonly nextRow: number;
  readonly verdict: Verdict | null;
  readonly done: boolean;
  /** By us, because it took too long. */
  readonly killed: boolean;
}

function run(entry: URL, task: readonly [RescueTask, ...string[]]): Promise<End> {
  let end: End = { opened: false, nextRow: 0, verdict: null, done: false, killed: false };
  const child = start(entry, task);
  if (child === null) return Promise.resolve({ ...end, verdict: 'unknown' });
  const { promise, resolve } = Promise.withResolvers<End>();
  const timer = setTimeout(() => {
    end = { ...end, killed: true };
    child.kill('SIGKILL');
  }, longestMs);
  child.on('message', (message) => {
    end = after(end, message as RescueNews); // both ends are one build
  });
  child.once('error', () => resolve({ ...end, verdict: end.verdict ?? 'unknown' }));
  child.once('exit', () => {
    clearTimeout(timer);
    resolve(end);
  });
  return promise;
}

function start(entry: URL, task: readonly string[]): ChildProcess | null {
  const env = withoutSecrets(process.env);
  try {
    return fork(entry, [rescueArgument, ...task], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: nodeFlags,
      env,
    });
  } catch {
    return null; // the system refuses another process
  }
}

function after(end: End, news: RescueNews): End {
  switch (news.kind) {
    case 'opened':
      return { ...end, opened: true };
    case 'copied':
      return { ...end, nextRow: news.nextRow };
    case 'failed':
      return { ...end, verdict: news.verdict };
    case 'done':
      return { ...end, done: true };
  }
}
