/**
 * The log file: bounded in size and in number, owner-only. A slow, hanging or full disk costs log lines, never traffic (P2): nothing here waits
 * for the disk on the event loop, one operation is under way at a time, what does not fit in the queue is left out and counted, and an error
 * closes the file for good.
 */
import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeLastLine } from './log-last-line.ts';

export interface LogFile {
  write(line: string): void;
  /** For a line that the process does not outlive. */
  writeNow(line: string): void;
  /** Goes on in a file of the usual name: the present one was renamed by somebody else. */
  reopen(): void;
  /** Resolves when the file holds every line, or the disk has not taken them for a while. */
  stop(): Promise<void>;
}

const maxFileBytes = 5 * 1024 * 1024;
const keptFiles = 3;
const maxQueuedBytes = 1024 * 1024;
const stopMs = 2_000;

/** @param directory created when missing; the file is `gateway.log`, older ones `gateway.1.log` … */
export function openLogFile(directory: string, maxBytes: number = maxFileBytes): LogFile {
  return new File(directory, maxBytes);
}

class File implements LogFile {
  readonly #directory: string;
  readonly #path: string;
  readonly #maxBytes: number;
  #queue: string[] = [];
  #queuedBytes = 0;
  #dropped = 0;
  #handle: FileHandle | null = null;
  #bytes = 0; // in the file
  #isRenamed = false;
  #isClosed = false;
  #working: Promise<void> | null = null;

  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#path = join(directory, 'gateway.log');
    this.#maxBytes = maxBytes;
    this.#work();
  }

  write(line: string): void {
    if (this.#isClosed) return;
    if (this.#queuedBytes > maxQueuedBytes) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) this.#add(droppedNote(this.#dropped));
    this.#dropped = 0;
    this.#add(line);
    this.#work();
  }

  writeNow(line: string): void {
    writeLastLine(this.#directory, this.#path, line);
  }

  reopen(): void {
    this.#isRenamed = true;
    this.#isClosed = false; // who rotates logs has made room
    this.#work();
  }

  async stop(): Promise<void> {
    await Promise.race([this.#working, sleep(stopMs, undefined, { ref: false })]);
    this.#isClosed = true;
    if (this.#working === null) await this.#close();
  }

  #add(line: string): void {
    this.#queue.push(line);
    this.#queuedBytes += Buffer.byteLength(line);
  }

  #work(): void {
    this.#working ??= this.#writeAll()
      .catch(() => this.#giveUp())
      .finally(() => {
        this.#working = null;
      });
  }

  async #writeAll(): Promise<void> {
    await this.#ensureOpen();
    while (this.#queue.length > 0 && !this.#isClosed) {
      await this.#ensureOpen();
      if (this.#bytes > this.#maxBytes) await this.#rotate();
      await this.#writeSome();
    }
  }

  /** As many lines as fit into the file; the one that crosses its bound belongs to it. */
  async #writeSome(): Promise<void> {
    let count = 0;
    let bytes = 0;
    while (count < this.#queue.length && this.#bytes + bytes <= this.#maxBytes) {
      bytes += Buffer.byteLength(this.#queue[count] ?? '');
      count += 1;
    }
    const lines = this.#queue.splice(0, count);
    await this.#handle?.appendFile(lines.join(''));
    this.#bytes += bytes;
    this.#queuedBytes -= bytes;
  }

  async #ensureOpen(): Promise<void> {
    if (this.#isRenamed) await this.#close();
    this.#isRenamed = false;
    if (this.#handle !== null) return;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    this.#handle = await open(this.#path, 'a', 0o600);
    await this.#handle.chmod(0o600); // it may exist with wider rights, from a restored backup
    this.#bytes = (await this.#handle.stat()).size;
  }

  async #rotate(): Promise<void> {
    await this.#close();
    for (let index = keptFiles - 1; index >= 1; index -= 1) {
      const from = index === 1 ? this.#path : join(this.#directory, `gateway.${index - 1}.log`);
      if (await isThere(from)) await rename(from, join(this.#directory, `gateway.${index}.log`));
    }
    await this.#ensureOpen();
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Logging to stderr goes on. */
  async #giveUp(): Promise<void> {
    this.#isClosed = true;
    this.#queue = [];
    await this.#close().catch(() => undefined); // the file is given up either way
  }
}

const droppedNote = (dropped: number): string =>
  `${JSON.stringify({ component: 'gateway', msg: 'LogLinesDropped', dropped })}\n`;

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
