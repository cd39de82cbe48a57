/**
 * `journal.state`: which run of the gateway wrote the journal last, and whether it ended cleanly. It stands outside the database on purpose:
 * a journal file put back from a backup, or one whose write-ahead log was deleted, does not agree with it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writePrivateJson } from '../private-file.ts';
import { journalPath } from './files.ts';

const JournalState = z.object({ run: z.string(), clean: z.boolean() });
export type JournalState = z.infer<typeof JournalState>;

const statePath = (dataDir: string): string => join(dataDir, 'journal.state');

export const writeState = (dataDir: string, state: JournalState): void => writePrivateJson(statePath(dataDir), state);

/**
 * The run whose running calls may be closed as `interrupted`; `any` when nothing is known; `none` when the last run did not end cleanly and
 * yet left no write-ahead log: then rows that ended meanwhile are gone, and a running call may have been delivered long ago.
 * Ask before the database is opened (opening creates the log).
 */
export function trustedRun(dataDir: string): { kind: 'any' } | { kind: 'none' } | { kind: 'run'; run: string } {
  const state = readJson(statePath(dataDir), JournalState);
  if (state === null) return { kind: 'any' };
  if (!state.clean && !existsSync(`${journalPath(dataDir)}-wal`)) return { kind: 'none' };
  return { kind: 'run', run: state.run };
}
