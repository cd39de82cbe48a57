/**
 * How much waits, from cursors and a bounded look at the oldest waiting rows: a backlog of a million rows costs no more to watch than one of
 * a thousand (P7).
 */
import type { JournalPending, JournalReader, JournalStream } from '../journal/journal.ts';

export interface BacklogSize {
  readonly rows: number; // seqs of removed rows count until they are passed
  /** Null where nobody asked for a look at the rows themselves. */
  readonly bytes: number | null;
  readonly oldestStartedMs: number | null;
}

export type BacklogSource = Pick<JournalReader, 'streams' | 'pending'>;

interface Sample {
  readonly streamId: string;
  readonly cursor: number;
  readonly lastSeq: number;
  readonly pending: JournalPending | null;
}

export class Backlog {
  readonly #source: BacklogSource;
  readonly #rememberedSeq: number;
  #sample: Sample | null = null;

  /** @param rememberedSeq how far an earlier run had come: counts until the destination itself has said where it stands */
  constructor(source: BacklogSource, rememberedSeq: number) {
    this.#source = source;
    this.#rememberedSeq = rememberedSeq;
  }

  rows(streams: readonly JournalStream[], cursors: ReadonlyMap<string, number>): number {
    return streams.reduce((sum, stream) => sum + this.#waiting(stream, cursors), 0);
  }

  size(streams: readonly JournalStream[], cursors: ReadonlyMap<string, number>): BacklogSize {
    const rows = this.rows(streams, cursors);
    const oldest = streams.find((stream) => this.#waiting(stream, cursors) > 0);
    if (oldest === undefined) return { rows, bytes: 0, oldestStartedMs: null };
    const pending = this.#look(oldest, this.#cursor(oldest, cursors));
    const meanBytes = pending === null ? 0 : pending.sampledBytes / Math.max(1, pending.sampledRows);
    return { rows, bytes: Math.round(meanBytes * rows), oldestStartedMs: pending?.firstStartedMs ?? null };
  }

  #waiting(stream: JournalStream, cursors: ReadonlyMap<string, number>): number {
    return Math.max(0, stream.lastSeq - this.#cursor(stream, cursors));
  }

  #cursor({ streamId, firstSeq }: JournalStream, cursors: ReadonlyMap<string, number>): number {
    return Math.max(cursors.get(streamId) ?? this.#rememberedSeq, firstSeq - 1);
  }

  /** A sample stands as long as its first row waits, once it is as large as it gets. */
  #look({ streamId, lastSeq }: JournalStream, cursor: number): JournalPending | null {
    const known = this.#sample;
    if (known?.streamId === streamId && known.cursor === cursor) {
      const isFull = known.pending !== null && known.pending.sampledRows < known.pending.rows;
      if (isFull || known.lastSeq === lastSeq) return known.pending;
    }
    const pending = this.#source.pending(streamId, cursor);
    this.#sample = { streamId, cursor, lastSeq, pending };
    return pending;
  }
}
