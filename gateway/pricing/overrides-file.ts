/** Reads prices.json, now and whenever it changes. A bad file is logged with the place of its fault; the last good prices stay in use. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { PriceOverrides } from '../../contract/prices.ts';
import { compileOverrides, noOverrides, ownPriceVersion, type Overrides } from './overrides.ts';

export interface PriceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface OverridesFile {
  readonly current: () => Overrides;
  /** Why the file on disk is not the one in use; null when it is. */
  readonly fault: () => string | null;
  reload(): void;
  stop(): void;
}

const pollMs = 2_000;

export function openOverridesFile(file: string | undefined, log: PriceLog): OverridesFile {
  let current = noOverrides;
  if (file === undefined) return fixedOverrides(current);
  let stamp = '';
  let fault: string | null = null;
  const reload = (): void => {
    stamp = stampOf(file); // before reading: a change in between is seen the next time
    try {
      const next = readOverrides(file);
      fault = null;
      if (next.version === current.version) return;
      current = next;
      log.info(
        { file: basename(file), entries: next.rules.length },
        `Own prices in use: ${next.rules.length} entries.`,
      );
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      fault = detail;
      log.warn({ file: basename(file), detail }, `Own prices were not taken over, the last good ones stay: ${detail}`);
    }
  };
  reload();
  const timer = setInterval(() => {
    if (stampOf(file) !== stamp) reload();
  }, pollMs);
  timer.unref();
  return { current: () => current, fault: () => fault, reload, stop: () => clearInterval(timer) };
}

/** Overrides that stay as they are while a run over history goes on. */
export function fixedOverrides(overrides: Overrides): OverridesFile {
  return { current: () => overrides, fault: () => null, reload: () => undefined, stop: () => undefined };
}

/** Changes whenever the file does; polled, because file events are not told on every file system. */
function stampOf(file: string): string {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined ? 'none' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  } catch {
    return 'unreadable'; // reading it says why
  }
}

/**
 * The overrides of a file; a file that does not exist has none.
 * @throws AppError `bad_config` whose message names the line (bad JSON) or the entry and field (bad value).
 */
export function readOverrides(file: string): Overrides {
  const text = readText(file);
  if (text === null) return noOverrides;
  const parsed = PriceOverrides.safeParse(parseJson(text, basename(file)));
  if (parsed.success)
    return compileOverrides(parsed.data, ownPriceVersion(createHash('sha256').update(text).digest('hex').slice(0, 8)));
  const [issue] = parsed.error.issues;
  const at = (issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  throw new AppError('bad_config', `${basename(file)}${at}: ${issue?.message ?? 'is not a list of prices'}`, {
    field: at,
    cause: parsed.error,
  });
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new AppError(
      'bad_config',
      `${basename(file)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
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
