/**
 * Who this installation is: its id names the journal's streams, its salt keys the hashes by which API keys are told apart (P5). The journal keeps
 * a copy, because rows keep the identity they were written under whatever happens to this file: a lost one is made again from it. One that
 * cannot be read is waited for: until then the copy holds, and without a copy calls are proxied and recorded without key identities.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { dataFiles } from './config.ts';
import type { FileFaults } from './file-faults.ts';
import { foreignJournal, readIdentity, type JournalIdentity } from './journal/identity.ts';
import { openKeptFile, type KeptFile } from './kept-file.ts';
import type { Log } from './log.ts';

export const Install = z.object({
  installId: z.uuid(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
});
export type Install = z.infer<typeof Install>;

export interface OpenInstall {
  readonly installId: string;
  /** What the journal keeps a copy of; null while install.json cannot be read. */
  readonly text: string | null;
  /** What is wrong with the identity, for people; null when nothing is. */
  readonly notice: string | null;
  /** Null while nobody can say what it is. */
  salt(): string | null;
  stop(): void;
}

const newKeyIds =
  'install.json was lost and nothing was left to make it again from: API keys have new ids from now on, so a key that was used before is listed twice. Put a copy of the old install.json back to end that.';

/** Reads `install.json` or makes it (again). On a full disk a new identity lasts for this run only, and the log says so. */
export async function openInstall(dataDir: string, faults: FileFaults, log: Log): Promise<OpenInstall> {
  const journal = readIdentity(dataDir);
  const copy = copyIn(journal);
  const meanwhile =
    copy === null
      ? 'Calls pass and are recorded, without the identity of their API keys until it can be.'
      : 'The copy in the journal is used.';
  const file = await openKeptFile({ path: dataFiles(dataDir).install, schema: Install, meanwhile, faults, log });
  const stop = (): void => file.stop();
  if (!file.isKnown()) return { ...unread(file, journal, copy), stop };
  const wasUsed = journal !== null || existsSync(dataFiles(dataDir).warehouse);
  const { install, notice } = await identityOf(file, { journal, copy, wasUsed }, log);
  return { installId: install.installId, text: textOf(install), notice, salt: () => install.salt, stop };
}

type Identity = Omit<OpenInstall, 'stop'>;

/** The file is there and cannot be read, so nothing is made again: what the journal says holds. */
function unread(file: KeptFile<Install>, journal: JournalIdentity | null, copy: Install | null): Identity {
  const salt = (): string | null => copy?.salt ?? (file.isKnown() ? (file.content()?.salt ?? null) : null);
  return { installId: copy?.installId ?? journal?.installId ?? randomUUID(), text: null, notice: null, salt };
}

interface Traces {
  readonly journal: JournalIdentity | null;
  readonly copy: Install | null;
  readonly wasUsed: boolean;
}

interface Found {
  readonly install: Install;
  readonly notice: string | null;
}

async function identityOf(file: KeptFile<Install>, traces: Traces, log: Log): Promise<Found> {
  const { journal, copy } = traces;
  const known = file.content();
  if (known === null) return makeAgain(file, traces, log);
  if (journal === null || journal.installId === known.installId) return { install: known, notice: null };
  log.error({ journal: journal.installId, file: known.installId }, 'JournalOfAnotherInstallation');
  const install = copy ?? { ...known, installId: journal.installId };
  return { install, notice: foreignJournal(journal.installId, known.installId) };
}

const textOf = ({ installId, salt, createdAt }: Install): string => JSON.stringify({ installId, salt, createdAt });

function copyIn(journal: JournalIdentity | null): Install | null {
  try {
    const copy = Install.safeParse(JSON.parse(journal?.installCopy ?? 'null')).data ?? null;
    return copy?.installId === journal?.installId ? copy : null;
  } catch {
    return null; // damaged: as good as none
  }
}

async function makeAgain(file: KeptFile<Install>, { journal, copy, wasUsed }: Traces, log: Log): Promise<Found> {
  const install = copy ?? {
    installId: asUuid(journal?.installId) ?? randomUUID(),
    salt: randomBytes(32).toString('hex'),
    createdAt: new Date().toISOString(),
  };
  await file.write(install).catch((error: unknown) => log.error({ err: error }, 'InstallFileNotWritten'));
  if (copy !== null) log.warn({ installId: copy.installId }, 'InstallFileMadeAgain');
  return { install, notice: copy === null && wasUsed ? newKeyIds : null };
}

const asUuid = (text: string | undefined): string | null => z.uuid().safeParse(text).data ?? null;
