import type { Database } from 'better-sqlite3';

/** One step of the schema. `version` is what `user_version` says afterwards; steps are never edited once released. */
export interface Migration {
  readonly version: number;
  readonly up: (database: Database) => void;
}
