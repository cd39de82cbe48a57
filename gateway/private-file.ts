/** Small files of the data directory: owner-only, replaced as a whole, so that a reader never sees half of one. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';

/** Writes JSON durably; `indent` is for people who read it. @throws the system's error when the directory cannot be written */
export function writePrivateJson(path: string, value: unknown, indent?: number): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(value, null, indent)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

/** The checked content; null when there is no file or it is not what the schema says. */
export function readJson<S extends z.ZodType>(path: string, schema: S): z.output<S> | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null; // missing and damaged are the same to the callers: each has its own way on
  }
}

export interface KeptJson<T> {
  /** Null when there is no file, or a damaged one. */
  readonly value: T | null;
  /** New name of a damaged file, which keeps what a person may want back. */
  readonly setAside: string | null;
}

/** Reads a file that people's work is in: one that is not what the schema says is renamed, never overwritten. @throws when it cannot be */
export function readOrSetAside<S extends z.ZodType>(
  path: string,
  schema: S,
  now: Date = new Date(),
): KeptJson<z.output<S>> {
  const value = readJson(path, schema);
  if (value !== null || !existsSync(path)) return { value, setAside: null };
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const setAside = `${basename(path, '.json')}.damaged-${stamp}.json`;
  renameSync(path, join(dirname(path), setAside));
  return { value: null, setAside };
}

export const removeFile = (path: string): void => rmSync(path, { force: true });
