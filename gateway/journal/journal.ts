/**
 * The journal as the rest of the gateway sees it (DESIGN §8, P2, P3, P7). The implementation talks to its own thread; nothing here blocks
 * the event loop and nothing throws.
 */
import type { JournalHealth } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';

/** A record before the journal gave it its place. */
export type JournalRecord = Omit<UsageRecord, 'seq' | 'streamId'>;

export type CloseResult =
  | { readonly durable: true; readonly seq: number; readonly streamId: string }
  | { readonly durable: false; readonly streamId: string }; // still queued (late) or lost; counted in health

export interface Journal {
  readonly streamId: string;
  /** The call began: a row that becomes `interrupted` if the process dies. */
  open(record: JournalRecord): void;
  /** Newest usage of a running call; the caller throttles to about one a second. */
  progress(record: JournalRecord): void;
  /**
   * Resolves when the row is durable (`FULL`: synced, `NORMAL`: committed), or at the latest after `deadlineMs`, whichever is first. When
   * `answerWaits` for it, what passes until the row is written is added to its duration and overhead.
   */
  close(record: JournalRecord, deadlineMs: number, answerWaits?: boolean): Promise<CloseResult>;
  health(): JournalHealth;
  /** Told after each commit with the highest committed seq. */
  onCommitted(listener: (lastSeq: number) => void): () => void;
  /** Tell what each destination has taken; rows past all of them and past the rebuild window may be pruned. */
  delivered(destination: string, seq: number): void;
  /** Removes rows tagged as sample traffic; resolves with how many. */
  removeSample(): Promise<number>;
  /** Commits what is queued, checkpoints, closes. */
  stop(): Promise<void>;
}

/** Rows that share a stream id. Within one journal file seq grows across streams, so delivering streams in this order is delivering by seq. */
export interface JournalStream {
  readonly streamId: string;
  readonly firstSeq: number;
  readonly lastSeq: number; // given out, even when the row was removed since (sample traffic)
}

export interface JournalBatch {
  readonly streamId: string;
  readonly from: number; // the cursor asked after
  readonly to: number; // last seq looked at: a gap never stalls the cursor
  readonly rows: readonly UsageRecord[]; // may be empty when all of (from, to] was removed
  readonly damaged: readonly number[]; // seqs in (from, to] whose checksum or JSON is wrong; never delivered, to be reported
}

/** What waits in one stream, from a bounded look: the cost does not grow with the backlog. */
export interface JournalPending {
  readonly rows: number; // by seq: rows removed since (sample traffic) count until the cursor has passed them
  readonly sampledRows: number; // of the first ones, 5,000 at most
  readonly sampledBytes: number; // of their records as kept here
  readonly firstStartedMs: number | null; // when the first of them began; null when none of them is left
}

/** The journal as the warehouse process sees it: read-only, short reads, synchronous. */
export interface JournalReader {
  /** Streams of this journal, oldest first. Every gateway start begins one; a salvaged file keeps its old ones. */
  streams(): readonly JournalStream[];
  /** Rows of one stream after the destination's own cursor for it (0 = none); null when there is nothing new. Throws `journal_unavailable`. */
  readBatch(streamId: string, afterSeq: number, maxRows: number, maxBytes: number): JournalBatch | null;
  /** A bounded look at what {@link readBatch} would give after this cursor; null when nothing is. */
  pending(streamId: string, afterSeq: number): JournalPending | null;
  /** How far a destination said it was in an earlier run: a hint for people, never for removing rows. 0 = not known. */
  remembered(destination: string): number;
  /** The first row that is still there; null when there is none. `removedSample` rows explain places without one. */
  oldest(): { readonly seq: number; readonly startedMs: number; readonly removedSample: number } | null;
  /** Highest seq given out in this file; 0 when empty or absent. */
  lastSeq(): number;
  close(): void;
}
