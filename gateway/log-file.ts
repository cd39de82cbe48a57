/**
 * The log file: bounded in size and in number, owner-only. A slow or full disk costs log lines, never traffic (P2): what does not fit in
 * the write queue is left out and counted, and an error closes the file for good.
 */
import {
  appendFileSync,
  createWriteStream,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';

export interface LogFile {
  write(line: string): void;
  /** For a line that the process does not outlive. */
  writeNow(line: string): void;
  /** Goes on in a file of the usual name: the present one was renamed by somebody else. */
  reopen(): void;
  stop(): Promise<void>;
}

const maxFileBytes = 5 * 1024 * 1024;
const keptFiles = 3;
const maxQueuedBytes = 1024 * 1024;

interface State {
  stream: WriteStream | null;
  bytes: number;
  dropped: number;
}

/** @param directory created when missing; the file is `gateway.log`, older ones `gateway.1.log` … */
export function openLogFile(directory: string, maxBytes: number = maxFileBytes): LogFile {
  const path = join(directory, 'gateway.log');
  const state: State = { stream: null, bytes: 0, dropped: 0 };
  attempt(state, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    state.bytes = sizeOf(path);
    open(state, path);
  });
  return {
    write: (line) => append(state, line, directory, path, maxBytes),
    writeNow: (line) => attempt(state, () => appendFileSync(path, line, { mode: 0o600 })),
    reopen: () =>
      attempt(state, () => {
        state.stream?.end();
        state.bytes = sizeOf(path);
        open(state, path);
      }),
    stop: async () => {
      const stream = state.stream;
      state.stream = null;
      if (stream === null) return;
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}

function append(state: State, line: string, directory: string, path: string, maxBytes: number): void {
  if (state.stream === null) return;
  if (state.stream.writableLength > maxQueuedBytes) {
    state.dropped += 1;
    return;
  }
  if (state.bytes > maxBytes) attempt(state, () => rotate(state, directory, path));
  const note =
    state.dropped > 0
      ? `${JSON.stringify({ component: 'gateway', msg: 'LogLinesDropped', dropped: state.dropped })}\n`
      : '';
  state.dropped = 0;
  state.bytes += Buffer.byteLength(line) + note.length;
  state.stream?.write(note + line);
}

function rotate(state: State, directory: string, path: string): void {
  state.stream?.end();
  for (let index = keptFiles - 1; index >= 1; index -= 1) {
    const from = index === 1 ? path : join(directory, `gateway.${index - 1}.log`);
    if (existsSync(from)) renameSync(from, join(directory, `gateway.${index}.log`));
  }
  state.bytes = 0;
  open(state, path);
}

function open(state: State, path: string): void {
  // Opened before the stream is: a rotation must rename the file that lines already go to.
  const descriptor = openSync(path, 'a', 0o600);
  fchmodSync(descriptor, 0o600); // it may exist with wider rights, from a restored backup
  const stream = createWriteStream(path, { fd: descriptor });
  stream.on('error', () => {
    if (state.stream === stream) state.stream = null;
  });
  state.stream = stream;
}

function attempt(state: State, step: () => void): void {
  try {
    step();
  } catch {
    state.stream = null; // logging to stderr goes on
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
