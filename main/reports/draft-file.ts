import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError } from '../../contract/errors.ts';

/**
 * Writes a file of the user's through a draft beside it: a cancelled or broken write leaves nothing half written and an older file untouched.
 * @throws AppError `file_not_written` that says what to do, or what `write` throws.
 */
export async function throughDraft(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await write(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw fileFault(error, path) ?? error;
  }
}

const reasons: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: () => 'The disk is full. Free some space, or choose a folder on another disk.',
  EDQUOT: () => 'Your share of the disk is used up. Free some space, or choose another folder.',
  EACCES: (path) => `There is no permission to write to ${dirname(path)}. Choose another folder.`,
  EPERM: (path) => `There is no permission to write to ${dirname(path)}. Choose another folder.`,
  EROFS: (path) => `${dirname(path)} can only be read. Choose another folder.`,
  ENOENT: (path) => `The folder ${dirname(path)} does not exist. Choose another one.`,
  ENOTDIR: (path) => `${dirname(path)} is not a folder. Choose another one.`,
  EISDIR: (path) => `${path} is a folder. Choose another name.`,
  EBUSY: (path) => `${basename(path)} is open in another program. Close it there, or choose another name.`,
  ENAMETOOLONG: () => 'The name is too long for this disk. Choose a shorter one.',
};

/** A fault of the file system in words a person can act on; null for every other error. */
export function fileFault(error: unknown, path: string): AppError | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  const code = String(error.code);
  const reason = reasons[code]?.(path) ?? `${basename(path)} could not be written (${code}).`;
  return new AppError('file_not_written', reason, { cause: error });
}
