/**
 * Who this installation is: its id names the journal's streams, its salt keys the hashes by which API keys are told apart (P5). Losing the
 * file means new key identities, so a damaged one is set aside, never overwritten.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { dataFiles } from './config.ts';
import type { Log } from './log.ts';
import { readJson, writePrivateJson } from './private-file.ts';

export const Install = z.object({
  installId: z.uuid(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
});
export type Install = z.infer<typeof Install>;

/** Reads or creates `install.json`. On a full disk the identity lasts for this run only, and the log says so. */
export function openInstall(dataDir: string, log: Log): Install {
  const path = dataFiles(dataDir).install;
  const known = readJson(path, Install);
  if (known !== null) return known;
  const fresh: Install = {
    installId: randomUUID(),
    salt: randomBytes(32).toString('hex'),
    createdAt: new Date().toISOString(),
  };
  try {
    if (existsSync(path)) {
      const aside = `${path}.corrupt-${Date.now()}`;
      renameSync(path, aside);
      log.warn({ aside }, 'InstallFileSetAside');
    }
    writePrivateJson(path, fresh);
  } catch (error) {
    log.error({ err: error }, 'InstallFileNotWritten');
  }
  return fresh;
}
