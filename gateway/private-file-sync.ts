/** The same as private-file.ts for code that may wait for the disk: the start, before anything is proxied, and threads of their own. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { z } from 'zod';
import { parsedJson, unreadable } from './private-file.ts';

/** @throws the system's error when the directory cannot be written */
export function writePrivateJsonSync(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(value)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

/** The checked content; null when there is no file or it is not what the schema says. @throws AppError `data_dir_unusable` */
export function readJsonSync<S extends z.ZodType>(path: string, schema: S): z.output<S> | null {
  try {
    return parsedJson(readFileSync(path, 'utf8'), schema) ?? null;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw unreadable(path, cause);
  }
}

export const removeFileSync = (path: string): void => rmSync(path, { force: true });
