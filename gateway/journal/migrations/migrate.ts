import type { Database } from 'better-sqlite3';
import { crashPoint } from '../crash-point.ts';
import { calls } from './0001-calls.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [calls];

export const newestVersion = (steps: readonly Migration[] = migrations): number => steps.at(-1)?.version ?? 0;

export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Brings the schema up to date, each step with its `user_version` in one transaction: a kill leaves the old version or the new one. */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  const from = schemaVersion(database);
  for (const step of steps.filter((candidate) => candidate.version > from)) {
    database.transaction(() => {
      step.up(database);
      database.pragma(`user_version = ${step.version}`);
      database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', ?)").run(String(step.version));
      crashPoint('journal.migration');
    })();
    crashPoint('journal.afterMigration');
  }
}
