/**
 * Whose rows a journal holds. A destination knows a row by its stream, and a stream begins with this id, so it belongs to the file: it is written
 * once, never changed, and taken along when a damaged file is salvaged. The copy of install.json beside it lets that file be made again.
 */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { journalPath } from './files.ts';
import { isDriverError } from './scan.ts';
import { readState } from './state-file.ts';

export interface JournalIdentity {
  readonly installId: string;
  /** Text of the install.json that belongs to it; null in a journal of a version that kept none. */
  readonly installCopy: string | null;
}

/** For people: the journal and install.json name different installations. */
export const foreignJournal = (journalId: string, fileId: string): string =>
  `The journal was written by the installation ${journalId}, install.json names ${fileId}. Calls keep the identity of the journal, so none is counted twice. Put its install.json back, or remove install.json: the next start makes it again from the journal.`;

/** Writes the identity where there is none and the copy where it belongs to it; returns the identity that holds. */
export function keepIdentity(database: Database.Database, given: JournalIdentity): string {
  database.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('install_id', ?)").run(given.installId);
  const installId = metaOf(database, 'install_id') ?? given.installId;
  if (given.installCopy?.includes(installId) === true)
    database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('install', ?)").run(given.installCopy);
  return installId;
}

/** Takes the identity of a damaged file over, as far as it can be read. Throws only what writing throws. */
export function takeIdentityOver(source: Database.Database, journal: Database.Database): void {
  const found = readable(source);
  if (found !== null) keepIdentity(journal, found);
}

/** The identity of the journal that lies there, or of the one that did; null when neither can be read. Changes nothing. */
export function readIdentity(dataDir: string): JournalIdentity | null {
  const path = journalPath(dataDir);
  const stated = readState(dataDir)?.installId;
  const fallback = stated === undefined ? null : { installId: stated, installCopy: null };
  if (!existsSync(path)) return fallback;
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { readonly: true, timeout: 1000 });
    return readable(database) ?? fallback;
  } catch (error) {
    if (!isDriverError(error)) throw error;
    return fallback;
  } finally {
    database?.close();
  }
}

function readable(database: Database.Database): JournalIdentity | null {
  try {
    const installId = metaOf(database, 'install_id');
    return installId === null ? null : { installId, installCopy: metaOf(database, 'install') };
  } catch (error) {
    if (isDriverError(error)) return null;
    throw error;
  }
}

const metaOf = (database: Database.Database, name: string): string | null =>
  database.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(name) ?? null;
