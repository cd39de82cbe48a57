/**
 * Small files of the data directory: owner-only, replaced as a whole, so that a reader never sees half of one.
 *
 * Invariant: a read error is not damage. Only content that was read to its end and is not what the schema says is damage; a file that cannot be
 * read now (permissions, a locked file, a failing disk, no descriptors) may be whole, so the error is thrown and the file stays where it is.
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { AppError } from '../contract/errors.ts';

/** Writes JSON durably; `indent` is for people who read it. Rejects with the system's error, and then the old content is still there. */
export const writePrivateJson = (path: string, value: unknown, indent?: number): Promise<void> =>
  writePrivateText(path, `${JSON.stringify(value, null, indent)}\n`);

export async function writePrivateText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await patiently(() => rename(temporary, path), isHeldOnWindows);
  } catch (error) {
    await removeFile(temporary).catch(() => undefined); // what failed before is the error to report
    throw error;
  }
  await syncFolder(dirname(path));
}

/** The new name is as durable as the content. Windows has no handle of a folder to sync, and some network file systems refuse. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync().catch(() => undefined);
  } finally {
    await folder.close();
  }
}

/** The text of a file; null when there is none. @throws AppError `data_dir_unusable` naming the file and the system's reason */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw unreadable(path, cause);
  }
}

/** Like {@link readText}, for a start: tries again for about a second, because what holds a file is often gone by then. */
export const readTextPatiently = (path: string): Promise<string | null> => patiently(() => readText(path));

export const unreadable = (path: string, cause: unknown): AppError =>
  new AppError('data_dir_unusable', `${basename(path)} cannot be read (${codeOf(cause) ?? reasonOf(cause)}).`, {
    cause,
  });

/** The checked content; null when there is no file or it is not what the schema says. @throws AppError `data_dir_unusable` */
export async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null> {
  const text = await readText(path);
  return text === null ? null : (parsedJson(text, schema) ?? null);
}

export interface KeptJson<T> {
  /** Null when there is no file, or a damaged one. */
  readonly value: T | null;
  /** New name of a damaged file, which keeps what a person may want back. */
  readonly setAside: string | null;
}

/** Reads a file that people's work is in: a damaged one is renamed, never overwritten. @throws AppError `data_dir_unusable`, or the error of the renaming */
export async function readOrSetAside<S extends z.ZodType>(
  path: string,
  schema: S,
  now: Date = new Date(),
): Promise<KeptJson<z.output<S>>> {
  const text = await readText(path);
  if (text === null) return { value: null, setAside: null };
  const value = parsedJson(text, schema);
  if (value !== undefined) return { value, setAside: null };
  await sleep(settleMs);
  if ((await readText(path)) !== text) return readOrSetAside(path, schema, now); // somebody was saving it
  return { value: null, setAside: await setAside(path, now) };
}

/** @returns the new name, in the same folder */
export async function setAside(path: string, now: Date = new Date()): Promise<string> {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const name = `${basename(path, '.json')}.damaged-${stamp}.json`;
  await rename(path, join(dirname(path), name));
  return name;
}

export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** An editor that does not replace a file writes it in pieces. */
const settleMs = 100;

/** `undefined` when the text is no JSON, or another shape than the schema's. */
export function parsedJson<S extends z.ZodType>(text: string, schema: S): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const pausesMs = [50, 100, 200, 300, 350];

/** Tries again after errors that may pass. */
export async function patiently<T>(step: () => Promise<T>, mayPass: (error: unknown) => boolean = () => true) {
  for (const pauseMs of pausesMs) {
    try {
      return await step();
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
    await sleep(pauseMs);
  }
  return step();
}

/** There a virus scanner or a backup that has a file open keeps it from being replaced. */
function isHeldOnWindows(error: unknown): boolean {
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
