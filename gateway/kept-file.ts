/**
 * A file of the data directory that the gateway lives by for as long as it runs: who it is, what a team has set itself, what was told.
 *
 * Invariants
 * - While the file cannot be read its content is unknown, never empty: nothing is replaced by defaults, written over or renamed. It is read
 *   again until it can be, and health names it meanwhile.
 * - Writes follow one another, so a disk that hangs holds one of them and nothing else.
 */
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { FileFaults } from './file-faults.ts';
import { patiently, readOrSetAside, writePrivateJson } from './private-file.ts';

export interface KeptFileLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface KeptFileOptions<S extends z.ZodType> {
  readonly path: string;
  readonly schema: S;
  /** What does not work while the file cannot be read: a whole sentence, for health. */
  readonly meanwhile: string;
  readonly faults: Pick<FileFaults, 'note'>;
  readonly log: KeptFileLog;
  readonly retryMs?: number;
}

export interface KeptFile<T> {
  /** What the file holds; null when there is none or a damaged one was set aside. @throws AppError `data_dir_unusable` while it cannot be read */
  content(): T | null;
  isKnown(): boolean;
  /** Why the file cannot be read and what that means; null when it was read. */
  fault(): string | null;
  /** New name of a damaged file that was set aside in this run. */
  setAside(): string | null;
  /** Replaces the content once it is on disk. @throws AppError `data_dir_unusable` while the file is unknown, or the system's error */
  write(value: T, indent?: number): Promise<void>;
  /** Called when a file that could not be read at the start was read. */
  onRead(listener: () => void): void;
  stop(): void;
}

const retryEveryMs = 3_000;

/** Tries for about a second, then goes on without the content and looks for it every few seconds. Never rejects. */
export async function openKeptFile<S extends z.ZodType>(options: KeptFileOptions<S>): Promise<KeptFile<z.output<S>>> {
  const file = new File(options);
  await file.open();
  return file;
}

class File<S extends z.ZodType> implements KeptFile<z.output<S>> {
  readonly #options: KeptFileOptions<S>;
  readonly #listeners: (() => void)[] = [];
  readonly #stopping = new AbortController();
  #found: { readonly value: z.output<S> | null } | null = null;
  #fault: AppError | null = null;
  #setAside: string | null = null;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(options: KeptFileOptions<S>) {
    this.#options = options;
  }

  async open(): Promise<void> {
    try {
      await patiently(() => this.#read());
    } catch (error) {
      this.#unreadable(error);
      void this.#readLater();
    }
  }

  content(): z.output<S> | null {
    if (this.#found !== null) return this.#found.value;
    throw this.#fault ?? new AppError('data_dir_unusable', `${this.#name()} is not read yet.`);
  }

  isKnown(): boolean {
    return this.#found !== null;
  }

  fault(): string | null {
    return this.#found === null ? (this.#fault?.message ?? null) : null;
  }

  setAside(): string | null {
    return this.#setAside;
  }

  async write(value: z.output<S>, indent?: number): Promise<void> {
    this.content(); // throws while it is unknown: what was not read must not be replaced
    const written = this.#lastWrite.then(() => writePrivateJson(this.#options.path, value, indent));
    this.#lastWrite = written.catch(() => undefined); // its caller hears of it; the next write tries again
    await written;
    this.#found = { value };
  }

  onRead(listener: () => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #read(): Promise<void> {
    const { path, schema, log } = this.#options;
    const { value, setAside } = await readOrSetAside(path, schema);
    this.#found = { value };
    this.#setAside = setAside;
    if (setAside !== null) log.warn({ file: this.#name(), setAside }, 'DamagedFileSetAside');
  }

  async #readLater(): Promise<void> {
    const { faults, log, retryMs = retryEveryMs } = this.#options;
    const { signal } = this.#stopping;
    while (this.#found === null) {
      await sleep(retryMs, undefined, { signal, ref: false }).catch(() => undefined); // ends early when the gateway stops
      if (signal.aborted) return;
      await this.#read().catch((error: unknown) => this.#unreadable(error));
    }
    faults.note(this.#name(), null);
    log.info({ file: this.#name() }, 'FileReadableAgain');
    for (const listener of this.#listeners) listener();
  }

  /** Logged once: a file that cannot be read for a night is one line. */
  #unreadable(error: unknown): void {
    const { faults, log, meanwhile } = this.#options;
    const isNews = this.#fault === null;
    const why = error instanceof Error ? error.message : String(error);
    this.#fault = new AppError('data_dir_unusable', `${why} ${meanwhile}`, { cause: error });
    faults.note(this.#name(), this.#fault.message);
    if (isNews) log.warn({ err: error, file: this.#name() }, 'FileUnreadable');
  }

  #name(): string {
    return basename(this.#options.path);
  }
}
