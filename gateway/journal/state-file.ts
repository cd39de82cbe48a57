/**
 * `journal.state`: which run of the gateway wrote the journal last, and whether it ended cleanly. It stands outside the database on purpose:
 * a journal file put back from a backup, or one whose write-ahead log was deleted, does not agree with it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { journalPath } from './files.ts';

const JournalState = z.object({ run: z.string(), clean: z.boolean() });
export type JournalState = z.infer<typeof JournalState>;

const statePath = (dataDir: string): string => join(dataDir, 'journal.state');

/** Null when there is none or it is not readable as one: then nothing is known, and nothing is concluded. */
export function readState(dataDir: string): JournalState | null {
  if (!existsSync(statePath(dataDir))) return null;
  try {
    return JournalState.parse(JSON.parse(readFileSync(statePath(dataDir), 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export function writeState(dataDir: string, state: JournalState): void {
  const draft = `${statePath(dataDir)}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(state));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, statePath(dataDir));
}

/**
 * The run whose running calls may be closed as `interrupted`; `any` when nothing is known; `none` when the last run did not end cleanly and
 * yet left no write-ahead log: then rows that ended meanwhile are gone, and a running call may have been delivered long ago.
 * Ask before the database is opened (opening creates the log).
 */
export function trustedRun(dataDir: string): { kind: 'any' } | { kind: 'none' } | { kind: 'run'; run: string } {
  const state = readState(dataDir);
  if (state === null) return { kind: 'any' };
  if (!state.clean && !existsSync(`${journalPath(dataDir)}-wal`)) return { kind: 'none' };
  return { kind: 'run', run: state.run };
}
