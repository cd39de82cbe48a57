/**
 * Who this installation is: its id names the journal's streams, its salt keys the hashes by which API keys are told apart (P5). The journal keeps
 * a copy, because rows keep the identity they were written under whatever happens to this file: a lost one is made again from it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { dataFiles } from './config.ts';
import { foreignJournal, readIdentity, type JournalIdentity } from './journal/identity.ts';
import type { Log } from './log.ts';
import { readJson, writePrivateJson } from './private-file.ts';

export const Install = z.object({
  installId: z.uuid(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
});
export type Install = z.infer<typeof Install>;

export interface OpenedInstall extends Install {
  /** What is wrong with the identity, for people; null when nothing is. */
  readonly notice: string | null;
}

const newKeyIds =
  'install.json was lost and nothing was left to make it again from: API keys have new ids from now on, so a key that was used before is listed twice. Put a copy of the old install.json back to end that.';

/** Reads `install.json` or makes it (again). On a full disk a new identity lasts for this run only, and the log says so. */
export function openInstall(dataDir: string, log: Log): OpenedInstall {
  const journal = readIdentity(dataDir);
  const copy = copyIn(journal);
  const known = readJson(dataFiles(dataDir).install, Install);
  if (known === null) return makeAgain(dataDir, journal, copy, log);
  if (journal === null || journal.installId === known.installId) return { ...known, notice: null };
  log.error({ journal: journal.installId, file: known.installId }, 'JournalOfAnotherInstallation');
  const own = copy ?? { ...known, installId: journal.installId };
  return { ...own, notice: foreignJournal(journal.installId, known.installId) };
}

/** What the journal keeps a copy of. */
export const installText = ({ installId, salt, createdAt }: Install): string =>
  JSON.stringify({ installId, salt, createdAt });

function copyIn(journal: JournalIdentity | null): Install | null {
  try {
    const copy = Install.safeParse(JSON.parse(journal?.installCopy ?? 'null')).data ?? null;
    return copy?.installId === journal?.installId ? copy : null;
  } catch {
    return null; // damaged: as good as none
  }
}

function makeAgain(dataDir: string, journal: JournalIdentity | null, copy: Install | null, log: Log): OpenedInstall {
  const install = copy ?? {
    installId: asUuid(journal?.installId) ?? randomUUID(),
    salt: randomBytes(32).toString('hex'),
    createdAt: new Date().toISOString(),
  };
  replaceFile(dataFiles(dataDir).install, install, log);
  if (copy !== null) log.warn({ installId: copy.installId }, 'InstallFileMadeAgain');
  const wasUsed = journal !== null || existsSync(dataFiles(dataDir).warehouse);
  return { ...install, notice: copy === null && wasUsed ? newKeyIds : null };
}

const asUuid = (text: string | undefined): string | null => z.uuid().safeParse(text).data ?? null;

/** A damaged file is set aside, never overwritten. */
function replaceFile(path: string, install: Install, log: Log): void {
  try {
    if (existsSync(path)) {
      const aside = `${path}.corrupt-${Date.now()}`;
      renameSync(path, aside);
      log.warn({ aside }, 'InstallFileSetAside');
    }
    writePrivateJson(path, install);
  } catch (error) {
    log.error({ err: error }, 'InstallFileNotWritten');
  }
}
