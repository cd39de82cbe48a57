/**
 * A damaged journal is set aside and its readable rows go into a new one. Two names make this safe against a kill at any step: the file is
 * `journal.salvage-<stamp>.db` until its rows are in the new journal, and `journal.corrupt-<stamp>.db` from then on. Copying again what was
 * copied already changes nothing (same seq, same call).
 */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crashPoint } from './crash-point.ts';
import { companions, journalPath, quarantinedFiles } from './files.ts';

const prefix = 'journal.salvage-';
/** Their readable rows live on in the journal; three are enough for a post-mortem, and the disk stays bounded (P7). */
const keptFiles = 3;

/** Sets `journal.db` and its companions aside. The companions go first: a log left behind would be replayed into the new file. */
export function setAside(dataDir: string, now: Date = new Date()): void {
  const target = join(dataDir, `${prefix}${now.toISOString().replaceAll(/[-:]/g, '')}.db`);
  for (const companion of [...companions, '']) {
    const from = `${journalPath(dataDir)}${companion}`;
    if (existsSync(from)) renameSync(from, `${target}${companion}`);
  }
  crashPoint('journal.quarantine');
}

/** Files whose rows still have to be copied, oldest first. */
export function awaitingSalvage(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.db'))
    .toSorted()
    .map((name) => join(dataDir, name));
}

/** Gives a salvaged file its final name, which it returns, and lets the oldest ones go. */
export function markSalvaged(dataDir: string, path: string): string {
  const final = path.replace(prefix, 'journal.corrupt-');
  for (const companion of [...companions, '']) {
    if (existsSync(`${path}${companion}`)) renameSync(`${path}${companion}`, `${final}${companion}`);
  }
  for (const name of quarantinedFiles(dataDir).slice(0, -keptFiles)) {
    for (const companion of [...companions, '']) rmSync(join(dataDir, `${name}${companion}`), { force: true });
  }
  return final.slice(dataDir.length + 1);
}
