/**
 * Log lines on stderr. Whoever reads them may leave (a closed terminal, `| tee`, a log collector) or stop reading (Ctrl-S, a collector that
 * is stuck): neither ends the gateway, nor blocks it, nor fills its memory. Lines without room are left out and counted.
 */
import { createWriteStream, fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

export interface Screen {
  write(line: string): void;
  /** For a line that the process does not outlive. */
  writeNow(line: string): void;
  /** Resolves when the reader has every line, is gone, or takes none for a second. */
  stop(): Promise<void>;
}

const stderrDescriptor = 2;
const maxQueuedBytes = 1024 * 1024;
const flushMs = 1000;

/**
 * @param given instead of stderr
 * @param onGone told once why no line can be written any more
 */
export function openScreen(given: Writable | undefined, onGone: (error: Error) => void): Screen {
  const stream = given ?? stderrStream();
  let gone = false;
  let dropped = 0;
  stream.on('error', (error) => {
    if (gone) return;
    gone = true;
    onGone(error);
  });
  return {
    write(line) {
      if (gone) return;
      if (stream.writableLength > maxQueuedBytes) {
        dropped += 1;
        return;
      }
      stream.write(dropped === 0 ? line : droppedNote(dropped) + line);
      dropped = 0;
    },
    writeNow(line) {
      if (given !== undefined) given.write(line);
      else if (!gone) writeToDescriptor(line);
    },
    stop: () => (gone ? Promise.resolve() : flushed(stream)),
  };
}

export const droppedNote = (dropped: number): string =>
  `${JSON.stringify({ component: 'gateway', msg: 'LogLinesDropped', dropped })}\n`;

/** Node writes to a terminal and to a file synchronously: one Ctrl-S, or one slow disk, would stop the proxy. */
function stderrStream(): Writable {
  if (isFile(stderrDescriptor)) return createWriteStream('', { fd: stderrDescriptor, autoClose: false });
  if (process.stderr.isTTY) stopBlocking(process.stderr);
  return process.stderr;
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // Windows without a console has none
  }
}

/** Node has no public name for this switch. Its terminal is a file description of our own, so no other program of it is changed. */
function stopBlocking(stream: object): void {
  const handle: unknown = '_handle' in stream ? stream._handle : null;
  if (typeof handle !== 'object' || handle === null || !('setBlocking' in handle)) return;
  if (typeof handle.setBlocking === 'function') handle.setBlocking(false);
}

/** What does not fit now is lost: the process ends, and the log file has the line. */
function writeToDescriptor(line: string): void {
  try {
    writeSync(stderrDescriptor, line);
  } catch {
    return; // no reader, or one that takes nothing
  }
}

async function flushed(stream: Writable): Promise<void> {
  if (stream.writableLength === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, flushMs);
  stream.once('close', resolve);
  stream.once('error', resolve);
  stream.write('', () => resolve());
  await promise;
  clearTimeout(timer);
}
