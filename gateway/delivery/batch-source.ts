/** Where delivery reads from: the journal, in order, a stream at a time. */
import type { UsageRecord } from '../../contract/usage-record.ts';

export interface SourceStream {
  readonly streamId: string;
  /** Highest seq ever given in this stream, pruned and removed rows included. */
  readonly lastSeq: number;
  /** The stream that still grows; older ones were salvaged from a damaged journal. */
  readonly live: boolean;
}

export interface BatchLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

export interface SourceBatch {
  /** Seq ascending; empty when nothing is left after the asked seq. */
  readonly rows: readonly UsageRecord[];
  /** More rows were waiting when a limit was reached. */
  readonly more: boolean;
}

export interface BatchSource {
  /** Oldest stream first. */
  streams(): Promise<readonly SourceStream[]>;
  /** Rows with seq > `afterSeq`; at least one row when there is any, whatever its size. */
  read(streamId: string, afterSeq: number, limits: BatchLimits): Promise<SourceBatch>;
}
