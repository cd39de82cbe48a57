/** Two schema steps of a version that does not exist yet; run as a program it upgrades the named file. */
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../gateway/journal/database.ts';
import { migrations } from '../../../gateway/journal/migrations/migrate.ts';
import type { Migration } from '../../../gateway/journal/migrations/migration.ts';

export const laterMigrations: readonly Migration[] = [
  ...migrations,
  {
    version: 2,
    up: (database) => {
      database.exec("ALTER TABLE calls ADD COLUMN later TEXT NOT NULL DEFAULT ''");
      database.exec("UPDATE calls SET later = 'filled'");
    },
  },
  { version: 3, up: (database) => void database.exec('CREATE TABLE extra (name TEXT PRIMARY KEY) STRICT') },
];

if (process.argv[1] === fileURLToPath(import.meta.url))
  openDatabase(process.argv[2] ?? '', 'FULL', laterMigrations).close();
