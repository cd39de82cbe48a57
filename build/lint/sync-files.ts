/**
 * The gateway's event loop never waits for a disk: one that hangs would hold every proxied byte. So its code imports no `…Sync` of `node:fs`;
 * what is named here runs elsewhere, or before anything is proxied.
 */
import fs from 'node:fs';

const modules = ['node:fs', 'fs'] as const;
const names = ['default', ...Object.keys(fs).filter((name) => name.endsWith('Sync'))];
const message =
  'The event loop of the gateway must not wait for a disk: use node:fs/promises. Code that runs elsewhere is listed in build/lint/sync-files.ts.';

/** Also refuses `import * as fs`, which has all of them. */
export const syncFileWork = modules.map((name) => ({ name, importNames: names, message }));

/** Our own, which are made of them. */
export const syncFileHelpers = { regex: 'private-file-sync\\.ts$', message };

const atTheStart = [
  'gateway/index.ts',
  'gateway/config.ts',
  'gateway/config-layers.ts',
  'gateway/config-snowflake.ts',
  'gateway/data-dir-claim.ts',
  'gateway/inherited-sockets.ts',
  'gateway/install.ts',
  'gateway/private-file-sync.ts',
  'gateway/journal/files.ts',
  'gateway/journal/identity.ts',
  'gateway/journal/lock.ts',
];
const atTheEnd = ['gateway/log-last-line.ts', 'gateway/log-screen.ts'];
const inTheJournalThread = [
  'gateway/journal/ballast.ts',
  'gateway/journal/database.ts',
  'gateway/journal/faults.ts',
  'gateway/journal/opener.ts',
  'gateway/journal/quarantine.ts',
  'gateway/journal/salvage.ts',
  'gateway/journal/state-file.ts',
  'gateway/journal/wal-sync.ts',
  'gateway/journal/writer.ts',
];
const inProcessesOfTheirOwn = [
  'gateway/journal/check.ts',
  'gateway/journal/reader.ts',
  'gateway/warehouse-process/watch-places.ts',
];

export const mayWaitForTheDisk: readonly string[] = [
  ...atTheStart,
  ...atTheEnd,
  ...inTheJournalThread,
  ...inProcessesOfTheirOwn,
];
