/**
 * `journal.state`: which run of the gateway wrote the journal last, and how far it came (a second old at most). It stands outside the database
 * on purpose: a journal put back from a backup, or one whose write-ahead log was deleted, does not agree with it.
 */
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonSync, writePrivateJsonSync } from '../private-file-sync.ts';

/** `installId` is a second place for the identity of the rows: a journal whose first pages are damaged cannot say it. Absent before 0.2. */
const JournalState = z.object({
  run: z.string(),
  lastSeq: z.int().nonnegative(),
  installId: z.string().optional(),
});
export type JournalState = z.infer<typeof JournalState>;

const statePath = (dataDir: string): string => join(dataDir, 'journal.state');

/** Null when there is none or it cannot be read: then nothing is known, and nothing is concluded. */
export function readState(dataDir: string): JournalState | null {
  try {
    return readJsonSync(statePath(dataDir), JournalState);
  } catch {
    return null; // recording calls matters more than what became of those that ran when the last process died
  }
}

/** Waits for the disk. Throws the system's error. */
export const writeState = (dataDir: string, state: JournalState): void =>
  writePrivateJsonSync(statePath(dataDir), state);

/** The same without holding up the thread, whose commits must not wait for this file's sync. One at a time. Rejects with the system's error. */
export async function writeStateAside(dataDir: string, state: JournalState): Promise<void> {
  const temporary = `${statePath(dataDir)}.aside.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, statePath(dataDir));
}
