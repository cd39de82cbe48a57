/**
 * Moves the write-ahead log into the database, after a commit was answered rather than within it. Readers can hold a log open for a moment only;
 * past the hard limit the log is emptied as soon as none does (P7: the log stays under 64 MB).
 */
import type { Database } from 'better-sqlite3';
import { crashPoint } from './crash-point.ts';

const softLimitPages = 2048; // 8 MiB at 4 KiB a page
const hardLimitPages = 8192;

interface WalState {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

export interface Checkpointer {
  /** Checkpoints when the log has grown; true when it did. Throws the driver's error. */
  afterCommit(): boolean;
  /** Empties the log, after a disk fault and at the end. False when a reader was in the way. */
  empty(): boolean;
}

export function createCheckpointer(database: Database): Checkpointer {
  const run = (mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): WalState => {
    const [state] = database.prepare<[], WalState>(`PRAGMA wal_checkpoint(${mode})`).all();
    return state ?? { busy: 1, log: 0, checkpointed: 0 };
  };
  const empty = (): boolean => {
    crashPoint('journal.checkpoint');
    return run('TRUNCATE').busy === 0;
  };
  return {
    empty,
    afterCommit: () => {
      const { log, checkpointed } = run('NOOP');
      if (log - checkpointed < softLimitPages) return false;
      crashPoint('journal.checkpoint');
      if (run('PASSIVE').log > hardLimitPages) empty();
      return true;
    },
  };
}
