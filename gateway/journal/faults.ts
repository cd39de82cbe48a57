/** What a failed SQLite or file call means for the journal; decided here once, by code (https://sqlite.org/rescode.html). */
import { statfsSync } from 'node:fs';

export type FaultKind =
  | 'corrupt' // set the file aside
  | 'newer' // written by a newer version: leave it alone
  | 'moved' // the data directory is gone or another one: nothing may be written there
  | 'full'
  | 'busy' // another process holds the file
  | 'readonly'
  | 'io'
  | 'unknown';

export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** One that lasts, and since when. */
export interface StandingFault extends Fault {
  readonly since: Date;
}

/** The same trouble again is not new trouble. */
export const standing = (fault: Fault, before: StandingFault | null): StandingFault => ({
  ...fault,
  since: before?.kind === fault.kind ? before.since : new Date(),
});

/** Thrown by the checks at open; a driver error never is one of these. */
export class JournalFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'JournalFault';
    this.kind = kind;
  }
}

const byPrefix: readonly (readonly [string, FaultKind])[] = [
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_FULL', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_READONLY', 'readonly'],
  ['SQLITE_PERM', 'readonly'],
  ['SQLITE_CANTOPEN', 'readonly'],
  ['EROFS', 'readonly'],
  ['EACCES', 'readonly'],
  ['EPERM', 'readonly'],
  ['SQLITE_IOERR', 'io'],
  ['EIO', 'io'],
];

/** @param dataDir asked for its free space: a full disk shows as an input/output error where SQLite grows its shared memory. */
export function toFault(error: unknown, dataDir: string): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof JournalFault) return { kind: error.kind, message };
  const code = codeOf(error);
  const kind = byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'unknown';
  const text = code === '' ? message : `${message} (${code})`;
  return { kind: kind === 'io' && freeBytes(dataDir) < 65_536 ? 'full' : kind, message: text };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Bytes an ordinary user may still write to the disk of `path`; unlimited when the system does not say. */
export function freeBytes(path: string): number {
  try {
    const disk = statfsSync(path);
    return disk.bavail * disk.bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // the question failed, which is no proof of a full disk
  }
}
