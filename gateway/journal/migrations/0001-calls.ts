import type { Migration } from './migration.ts';

/**
 * `seq` is AUTOINCREMENT so that the highest one ever given survives the removal of its row (sqlite_sequence); it is assigned by the store,
 * never by SQLite, to stay gapless. `epoch` stands in every row, so a row read out of a damaged file still knows its stream.
 */
export const calls: Migration = {
  version: 1,
  up: (database) => {
    database.exec(`
      CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE epochs (
        first_seq  INTEGER PRIMARY KEY,
        epoch      TEXT NOT NULL UNIQUE,
        started_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE open_calls (
        call_id    TEXT PRIMARY KEY,
        run        TEXT NOT NULL,
        started_ms INTEGER NOT NULL,
        record     TEXT NOT NULL,
        crc        INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE calls (
        seq        INTEGER PRIMARY KEY AUTOINCREMENT,
        epoch      TEXT NOT NULL,
        call_id    TEXT NOT NULL UNIQUE,
        started_ms INTEGER NOT NULL,
        closed_ms  INTEGER NOT NULL,
        sample     INTEGER NOT NULL,
        record     TEXT NOT NULL,
        crc        INTEGER NOT NULL
      ) STRICT;

      CREATE INDEX calls_sample ON calls (seq) WHERE sample = 1;

      CREATE TABLE deliveries (
        destination TEXT PRIMARY KEY,
        seq         INTEGER NOT NULL,
        updated_ms  INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
