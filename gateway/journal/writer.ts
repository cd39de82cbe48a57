/**
 * The thread's work: commit, prune, and what to do when SQLite or the disk says no. Every fault but a full disk closes the connection, because after a failed write or sync nothing it believes can be trusted (the kernel may drop dirty pages and then report success:
 * https://wiki.postgresql.org/wiki/Fsync_Errors). The next attempt opens again.
 */
import { statSync } from 'node:fs';
import { Ballast } from './ballast.ts';
import { JournalFault, toFault, type Fault } from './faults.ts';
import { journalPath } from './files.ts';
import { assertInPlace, type LockId } from './lock.ts';
import { JournalOpener, type OpenJournal } from './opener.ts';
import { timeOf, type Batch, type FromThread, type KeepRule, type Placed, type ThreadStart } from './protocol.ts';

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

const nearlyFull = 0.95; // of the cap: from here delivered rows go even inside the rebuild window
const pruneBudgetMs = 20; // longest prune in the way of a commit

export class JournalWriter {
  readonly #start: ThreadStart;
  readonly #post: (message: FromThread) => void;
  #ballast: Ballast;
  readonly #opener: JournalOpener;
  readonly #delivered: Map<string, number>;
  #rule: KeepRule;
  #lock: LockId | null;
  #journal: OpenJournal | null = null;
  #sampleRemoval: { removed: number } | null = null;
  #logBegan = true; // nothing beyond the database file is on record in journal.state yet
  #movedSeq = 0; // last one known to be in the database file itself
  #shrunk = false; // free pages were given back, and the file is not cut yet
  #lastStats = '';

  constructor(start: ThreadStart, post: (message: FromThread) => void) {
    this.#start = start;
    this.#post = post;
    this.#ballast = new Ballast(start.dataDir);
    this.#opener = new JournalOpener(start);
    this.#delivered = new Map(start.delivered.map(({ destination, seq }) => [destination, seq]));
    this.#rule = start;
    this.#lock = start.lock;
  }

  /** Opens when closed and proves that the disk takes writes; answers `opened` or `failed`. */
  probe(): void {
    const attempt = this.#attempt((journal) => {
      journal.store.writeProbe();
      this.#ballast.take();
      return this.#stats(journal);
    });
    if (!attempt.ok) return this.#tell('failed', attempt.fault);
    const { epoch, installId, recovery, behind, quarantine } = this.#opener;
    this.#post({ kind: 'opened', epoch, installId, stats: attempt.value, recovery, behind, quarantine });
  }

  /** Answers `committed` or `failed`, with `FULL` later `synced` too; then looks after the log. */
  commit(id: number, batch: Batch): void {
    for (const { destination, seq } of batch.delivered) this.#delivered.set(destination, seq);
    const attempt = this.#attempt((journal) => ({
      placed: this.#commitOnce(journal, batch),
      stats: this.#stats(journal),
      generation: journal.generation,
    }));
    if (!attempt.ok) return this.#tell('failed', attempt.fault);
    const { epoch, quarantine } = this.#opener;
    this.#post({ kind: 'committed', id, epoch, ...attempt.value, quarantine });
    this.#housekeep(({ store, sync, checkpointer }) => {
      sync?.committed(id, store.lastSeq());
      this.#noteLogBegan();
      if (!checkpointer.afterCommit()) return;
      this.#logBegan = true;
      this.#movedSeq = store.lastSeq();
    });
  }

  /** The directory is another one by now, and locked again. */
  claimed(lock: LockId): void {
    this.#lock = lock;
    this.#ballast = new Ballast(this.#start.dataDir);
  }

  keep(rule: KeepRule): void {
    this.#rule = rule;
  }

  /** Answered by `sampleRemoved` after some rounds of {@link maintain}. */
  removeSample(): void {
    this.#sampleRemoval ??= { removed: 0 };
  }

  /** One slice of housekeeping; true when there is more to do at once. */
  maintain(): boolean {
    let more = false;
    this.#housekeep((journal) => {
      assertSameFile(this.#start.dataDir, journal);
      this.#noteProgress();
      this.#ballast.take();
      more = [this.#removeSampleSlice(journal), this.#prune(journal), this.#shrink(journal)].some(Boolean);
      if (more) journal.checkpointer.afterCommit();
      this.#postChangedStats(journal);
    });
    return more;
  }

  /** Waits for the running sync: everything committed is durable then, or its fault was told. */
  async stop(): Promise<void> {
    await this.#journal?.sync?.settled();
    const lastSeq = this.#journal?.store.lastSeq();
    this.#housekeep(({ checkpointer }) => checkpointer.empty());
    this.#housekeep((journal) => {
      this.#journal = null;
      this.#opener.close(journal, false);
    });
    if (lastSeq !== undefined) await this.#opener.noteEnd(lastSeq).catch((error: unknown) => this.#noteFailed(error));
    this.#post({ kind: 'stopped' });
  }

  /** Runs `work` on the open journal. A damaged file is replaced and a reserve given up at once; then `work` gets its second chance. */
  #attempt<T>(work: (journal: OpenJournal) => T): Attempt<T> {
    const first = this.#try(work);
    if (first.ok || !this.#repair(first.fault)) return first;
    const second = this.#try(work);
    if (!second.ok) this.#repair(second.fault);
    return second;
  }

  #try<T>(work: (journal: OpenJournal) => T): Attempt<T> {
    try {
      assertInPlace(this.#start.dataDir, this.#lock); // each time: what is written into a removed file is lost
      this.#journal ??= this.#open();
      return { ok: true, value: work(this.#journal) };
    } catch (error) {
      return { ok: false, fault: toFault(error, this.#start.dataDir) };
    }
  }

  #open(): OpenJournal {
    const journal = this.#opener.open({
      onSynced: (ids) => {
        if (this.#journal !== null) this.#post({ kind: 'synced', ids, generation: this.#journal.generation });
        this.#noteLogBegan();
      },
      onFault: (error) => {
        const fault = toFault(error, this.#start.dataDir);
        this.#drop('io'); // whatever the reason, pages may be gone
        this.#tell('trouble', fault);
      },
    });
    this.#logBegan = true;
    this.#movedSeq = journal.store.lastSeq();
    return journal;
  }

  #tell(kind: 'failed' | 'trouble', fault: Fault): void {
    this.#post({ kind, fault, closed: this.#journal === null });
  }

  /** A log that is deleted from now on leaves a database file that is behind journal.state. */
  #noteLogBegan(): void {
    if (!this.#logBegan || (this.#durableSeq() ?? 0) <= this.#movedSeq) return;
    this.#logBegan = false;
    this.#noteProgress();
  }

  #noteProgress(): void {
    const lastSeq = this.#durableSeq();
    if (lastSeq !== null) this.#opener.noteProgress(lastSeq, (error) => this.#noteFailed(error));
  }

  #noteFailed(error: unknown): void {
    this.#tell('trouble', toFault(error, this.#start.dataDir));
  }

  /** Rows above it may be written again after a fault: they must neither be pruned nor counted on. */
  #durableSeq(): number | null {
    if (this.#journal === null) return null;
    const { sync, store } = this.#journal;
    return sync === null ? store.lastSeq() : sync.syncedSeq;
  }

  /** Work that no answer waits for: a fault in it is told, and repaired like any other. */
  #housekeep(work: (journal: OpenJournal) => unknown): void {
    if (this.#journal === null) return;
    const attempt = this.#try(work);
    if (attempt.ok) return;
    this.#repair(attempt.fault);
    this.#tell('trouble', attempt.fault);
  }

  /** True when another attempt makes sense now. */
  #repair(fault: Fault): boolean {
    if (fault.kind === 'full') return this.#makeRoom();
    const repaired =
      this.#drop(fault.kind) &&
      this.#repairing(() => {
        if (fault.kind === 'corrupt') this.#opener.setAside(fault.message);
      });
    return repaired && fault.kind === 'corrupt';
  }

  /** False when it could not be closed in order. */
  #drop(kind: Fault['kind']): boolean {
    const journal = this.#journal;
    this.#journal = null;
    return this.#repairing(() => {
      if (journal !== null) this.#opener.close(journal, kind === 'io');
    });
  }

  /** A transaction that found the disk full was rolled back whole, so the connection stays good. */
  #makeRoom(): boolean {
    return this.#repairing(() => {
      if (!this.#ballast.release()) throw new JournalFault('full', 'the disk is full and the reserve is used up');
      if (this.#journal === null) return;
      this.#pruneSlice(this.#journal, 'at_cap');
      this.#journal.checkpointer.afterCommit();
    });
  }

  #repairing(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#tell('trouble', toFault(error, this.#start.dataDir));
      return false;
    }
  }

  #commitOnce(journal: OpenJournal, batch: Batch): readonly Placed[] {
    const { capBytes } = this.#start;
    const startedMs = performance.now();
    while (journal.store.usedBytes() > capBytes * nearlyFull && performance.now() - startedMs < pruneBudgetMs) {
      if (this.#pruneSlice(journal, 'at_cap') === 0) break;
    }
    return journal.store.commit(batch, capBytes - journal.store.usedBytes());
  }

  #prune(journal: OpenJournal): boolean {
    const removed = this.#pruneSlice(journal, this.#rule);
    if (removed > 0) return true;
    return journal.store.usedBytes() > this.#start.capBytes * nearlyFull && this.#pruneSlice(journal, 'at_cap') > 0;
  }

  /** The file itself is cut when the log that says so is moved into it. */
  #shrink({ pruner, checkpointer }: OpenJournal): boolean {
    const more = pruner.shrink();
    if (!more && this.#shrunk) checkpointer.empty();
    this.#shrunk = more;
    return more;
  }

  #pruneSlice(journal: OpenJournal, window: Parameters<OpenJournal['pruner']['prune']>[1]): number {
    const floor = Math.min(this.#deliveredFloor(), this.#durableSeq() ?? 0);
    const removed = journal.pruner.prune(floor, window, timeOf(this.#rule.clock));
    journal.store.rowsRemoved(removed);
    return removed;
  }

  #removeSampleSlice(journal: OpenJournal): boolean {
    const removal = this.#sampleRemoval;
    if (removal === null) return false;
    const removed = journal.pruner.removeSampleSlice();
    journal.store.rowsRemoved(removed);
    removal.removed += removed;
    if (removed > 0) return true;
    this.#sampleRemoval = null;
    this.#postChangedStats(journal); // first, so that health agrees with the answer
    this.#post({ kind: 'sampleRemoved', rows: removal.removed });
    return false;
  }

  /** Lowest seq that every destination has told in this run; no destination at all keeps everything. */
  #deliveredFloor(): number {
    const taken = this.#rule.destinations.map((name) => this.#delivered.get(name) ?? 0);
    return taken.length === 0 ? 0 : Math.min(...taken);
  }

  #stats({ store }: OpenJournal): ReturnType<OpenJournal['store']['stats']> {
    return store.stats(this.#deliveredFloor(), this.#ballast.isHeld());
  }

  #postChangedStats(journal: OpenJournal): void {
    const stats = this.#stats(journal);
    const text = JSON.stringify(stats);
    if (text !== this.#lastStats) this.#post({ kind: 'stats', stats });
    this.#lastStats = text;
  }
}

/** A file deleted or put back while it is open takes our writes with it. */
function assertSameFile(dataDir: string, { inode }: OpenJournal): void {
  const found = statSync(journalPath(dataDir), { throwIfNoEntry: false });
  if (found?.ino !== inode) throw new JournalFault('io', 'journal.db was removed or replaced while in use');
}
