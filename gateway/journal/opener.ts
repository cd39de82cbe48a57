/** Opens the journal for writing, again and again if need be, and remembers what must carry over: the epoch, the highest seq, what was set aside. */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { createCheckpointer, type Checkpointer } from './checkpointing.ts';
import { crashPoint } from './crash-point.ts';
import { openDatabase } from './database.ts';
import { JournalFault } from './faults.ts';
import { journalPath } from './files.ts';
import type { Behind, Quarantine, Recovery, ThreadStart } from './protocol.ts';
import { Pruner } from './pruning.ts';
import { awaitingSalvage, markSalvaged, setAside } from './quarantine.ts';
import { recover } from './recovery.ts';
import { salvage } from './salvage.ts';
import { readState, writeState, writeStateAside, type JournalState } from './state-file.ts';
import { JournalStore } from './store.ts';
import { WalSync, type WalSyncEvents } from './wal-sync.ts';

export interface OpenJournal {
  readonly store: JournalStore;
  readonly checkpointer: Checkpointer;
  readonly pruner: Pruner;
  readonly sync: WalSync | null; // null: `NORMAL`
  readonly generation: number; // how often this thread has opened it
  readonly inode: number;
}

export class JournalOpener {
  readonly #start: ThreadStart;
  readonly #lastState: JournalState | null;
  #minSeq: number;
  #epoch: string;
  #installId: string;
  #emptyLogFirst = false;
  #notedSeq: number | null = null; // null: this run is not in journal.state yet
  #wantedSeq = 0;
  #noting: Promise<void> | null = null;
  #generation = 0;
  #damage: string | null = null;
  #quarantine: Quarantine | null = null;
  #recovery: Recovery = { interrupted: 0, forgotten: 0 };
  #behind: Behind | null = null;

  constructor(start: ThreadStart) {
    this.#start = start;
    this.#lastState = readState(start.dataDir);
    this.#minSeq = start.minSeq;
    this.#epoch = start.epoch;
    this.#installId = start.installId;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Of the journal that is open. */
  get installId(): string {
    return this.#installId;
  }

  /** The last file set aside in this run. */
  get quarantine(): Quarantine | null {
    return this.#quarantine;
  }

  get behind(): Behind | null {
    return this.#behind;
  }

  get recovery(): Recovery {
    return this.#recovery;
  }

  /** Throws {@link JournalFault} or the driver's error; nothing stays open then. */
  open(syncEvents: WalSyncEvents): OpenJournal {
    const { dataDir, synchronous, installCopy, run } = this.#start;
    const database = openDatabase(journalPath(dataDir), synchronous);
    try {
      const checkpointer = createCheckpointer(database);
      if (this.#emptyLogFirst && !checkpointer.empty())
        throw new JournalFault('busy', 'a reader holds the write-ahead log');
      this.#emptyLogFirst = false;
      for (const path of awaitingSalvage(dataDir)) this.#salvage(path, database);
      const store = new JournalStore(database, {
        installId: this.#lastState?.installId ?? this.#start.installId,
        installCopy,
        run,
        epoch: this.#epoch,
        minSeq: this.#minSeq,
      });
      this.#installId = store.installId;
      this.#epoch = store.epoch;
      this.#noteBehind(store.lastSeq());
      const recovery = recover(store, run, this.#lastState);
      if (recovery.interrupted + recovery.forgotten > 0) this.#recovery = recovery;
      this.#noteRun(store.lastSeq());
      // Until here every commit waited for the disk. From here on that is the matter of wal-sync.ts.
      database.pragma('synchronous = NORMAL');
      this.#generation += 1;
      return {
        store,
        checkpointer,
        pruner: new Pruner(database),
        sync: synchronous === 'FULL' ? new WalSync(`${journalPath(dataDir)}-wal`, store.lastSeq(), syncEvents) : null,
        generation: this.#generation,
        inode: statSync(journalPath(dataDir)).ino,
      };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** @param distrustLog after an input/output fault: the next open rewrites the log's pages before it serves. */
  close({ store, sync }: OpenJournal, distrustLog: boolean): void {
    sync?.close();
    this.#minSeq = Math.max(this.#minSeq, store.lastSeq());
    this.#emptyLogFirst ||= distrustLog;
    store.database.close();
  }

  /** Sets the damaged file aside (it must be closed); the next {@link open} salvages it under a new epoch. */
  setAside(reason: string): void {
    this.#damage = reason;
    setAside(this.#start.dataDir);
  }

  /** Keeps `journal.state` up to date without waiting for it; nothing to do when no row was added since. */
  noteProgress(lastSeq: number, onFault: (error: unknown) => void): void {
    this.#wantedSeq = lastSeq;
    if (lastSeq !== this.#notedSeq) this.#noting ??= this.#writeNotes(onFault);
  }

  /** The last note of this run; waits for the disk. */
  async noteEnd(lastSeq: number): Promise<void> {
    await this.#noting;
    if (lastSeq !== this.#notedSeq) this.#writeState(lastSeq);
  }

  /** One after the other, the newest only; after a fault the next {@link noteProgress} tries again. */
  async #writeNotes(onFault: (error: unknown) => void): Promise<void> {
    const { dataDir, run } = this.#start;
    try {
      while (this.#notedSeq !== this.#wantedSeq) {
        const lastSeq = this.#wantedSeq;
        await writeStateAside(dataDir, { run, lastSeq, installId: this.#installId });
        this.#notedSeq = lastSeq;
      }
    } catch (error) {
      onFault(error);
    } finally {
      this.#noting = null;
    }
  }

  /** At the first opening alone: afterwards journal.state is this run's own. */
  #noteBehind(lastSeq: number): void {
    const written = this.#lastState?.lastSeq ?? 0;
    if (this.#generation === 0 && lastSeq < written) this.#behind = { lastSeq, written };
  }

  /** An open row is only believed when its run stands here, so this comes before the first one. */
  #noteRun(lastSeq: number): void {
    if (this.#notedSeq === null) this.#writeState(lastSeq);
  }

  #writeState(lastSeq: number): void {
    writeState(this.#start.dataDir, { run: this.#start.run, lastSeq, installId: this.#installId });
    this.#notedSeq = lastSeq;
  }

  #salvage(path: string, database: JournalStore['database']): void {
    const result = salvage(path, database);
    this.#minSeq = Math.max(this.#minSeq, result.highestSeq);
    this.#epoch = randomUUID();
    const file = markSalvaged(this.#start.dataDir, path);
    crashPoint('journal.afterSalvage');
    this.#quarantine = {
      file,
      reason: this.#damage ?? 'set aside by an earlier start',
      salvagedRows: result.rows,
      unreadableRows: result.unreadable,
    };
  }
}
