/** Reads prices.json, now and whenever it changes. A bad file is logged with the place of its fault; the last good prices stay in use. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { PriceOverrides } from '../../contract/prices.ts';
import { readText, readTextPatiently } from '../private-file.ts';
import { compileOverrides, noOverrides, ownPriceVersion, type Overrides } from './overrides.ts';

export interface PriceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface OverridesFile {
  readonly current: () => Overrides;
  /** Why the file on disk is not the one in use; null when it is. */
  readonly fault: () => string | null;
  /** Whether the file on disk could not even be read: what is in it is unknown. */
  readonly isUnread: () => boolean;
  reload(): Promise<void>;
  stop(): void;
}

export type NoteFault = (file: string, fault: string | null) => void;

const pollMs = 2_000;

/** Has no prices until the first {@link OverridesFile.reload}, which tries for about a second. */
export function openOverridesFile(file: string | undefined, log: PriceLog, note?: NoteFault): OverridesFile {
  return file === undefined ? fixedOverrides(noOverrides) : new WatchedFile(file, log, note);
}

/** Overrides that stay as they are while a run over history goes on. */
export function fixedOverrides(overrides: Overrides): OverridesFile {
  return {
    current: () => overrides,
    fault: () => null,
    isUnread: () => false,
    reload: () => Promise.resolve(),
    stop: () => undefined,
  };
}

class WatchedFile implements OverridesFile {
  readonly #file: string;
  readonly #log: PriceLog;
  readonly #note: NoteFault;
  readonly #timer: NodeJS.Timeout;
  #current = noOverrides;
  #stamp = '';
  #fault: AppError | null = null;
  #looking: Promise<void> | null = null; // a disk that hangs holds one look, not one every two seconds

  constructor(file: string, log: PriceLog, note: NoteFault = () => undefined) {
    this.#file = file;
    this.#log = log;
    this.#note = note;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
    }, pollMs).unref();
  }

  current = (): Overrides => this.#current;
  fault = (): string | null => this.#fault?.message ?? null;
  isUnread = (): boolean => isReadFault(this.#fault);

  async reload(): Promise<void> {
    await this.#looking;
    await this.#load(readTextPatiently);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A file that could not be read looks the same when it can be. */
  async #look(): Promise<void> {
    if (this.isUnread() || (await stampOf(this.#file)) !== this.#stamp) await this.#load(readText);
  }

  async #load(read: typeof readText): Promise<void> {
    const stamp = await stampOf(this.#file); // before reading: a change in between is seen the next time
    try {
      const next = overridesIn(await read(this.#file), basename(this.#file));
      this.#take(next);
    } catch (cause) {
      this.#refuse(cause);
    }
    this.#stamp = stamp;
  }

  #take(next: Overrides): void {
    this.#fault = null;
    this.#note(basename(this.#file), null);
    if (next.version === this.#current.version) return;
    this.#current = next;
    const entries = next.rules.length;
    this.#log.info({ file: basename(this.#file), entries }, `Own prices in use: ${entries} entries.`);
  }

  #refuse(cause: unknown): void {
    const fault = cause instanceof AppError ? cause : new AppError('internal', String(cause), { cause });
    const detail = fault.message;
    const isNews = detail !== this.#fault?.message || !isReadFault(fault);
    this.#fault = fault;
    if (isReadFault(fault)) this.#note(basename(this.#file), `${detail} ${this.#meanwhile()}`);
    if (isNews)
      this.#log.warn(
        { file: basename(this.#file), detail },
        `Own prices were not taken over, the last good ones stay: ${detail}`,
      );
  }

  #meanwhile(): string {
    return this.#current === noOverrides
      ? 'Calls are priced by the public lists until it can be; price them again afterwards.'
      : 'The last own prices stay in use.';
  }
}

const isReadFault = (fault: AppError | null): boolean => fault?.code === 'data_dir_unusable';

/** Changes whenever the file does; polled, because file events are not told on every file system. */
async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'none'; // reading it says why, where there is one
  }
}

/**
 * The overrides of a file; a file that does not exist has none.
 * @throws AppError `bad_config` whose message names the line (bad JSON) or the entry and field (bad value), `data_dir_unusable` (not readable)
 */
export async function readOverrides(file: string): Promise<Overrides> {
  return overridesIn(await readTextPatiently(file), basename(file));
}

function overridesIn(text: string | null, name: string): Overrides {
  if (text === null) return noOverrides;
  const parsed = PriceOverrides.safeParse(parseJson(text, name));
  if (parsed.success)
    return compileOverrides(parsed.data, ownPriceVersion(createHash('sha256').update(text).digest('hex').slice(0, 8)));
  const [issue] = parsed.error.issues;
  const at = (issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  throw new AppError('bad_config', `${name}${at}: ${issue?.message ?? 'is not a list of prices'}`, {
    field: at,
    cause: parsed.error,
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AppError('bad_config', `${name}, ${placeOf(cause, text)}: is not JSON`, { cause });
  }
}

/** The engine tells the position of the fault in its message; the line is what a person looks for. */
function placeOf(cause: unknown, text: string): string {
  const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  const upTo = position === undefined ? text : text.slice(0, Number(position));
  return `line ${upTo.split('\n').length}`;
}
