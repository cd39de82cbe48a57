/**
 * `journal.state`: which run of the gateway wrote the journal last, and how far it came (a second old at most). It stands outside the database
 * on purpose: a journal put back from a backup, or one whose write-ahead log was deleted, does not agree with it.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writePrivateJson } from '../private-file.ts';

const JournalState = z.object({ run: z.string(), lastSeq: z.int().nonnegative() });
export type JournalState = z.infer<typeof JournalState>;

const statePath = (dataDir: string): string => join(dataDir, 'journal.state');

/** Null when there is none or it is not readable as one: then nothing is known, and nothing is concluded. */
export const readState = (dataDir: string): JournalState | null => readJson(statePath(dataDir), JournalState);

export const writeState = (dataDir: string, state: JournalState): void => writePrivateJson(statePath(dataDir), state);
