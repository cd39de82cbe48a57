/**
 * What delivery needs from a warehouse (P4). The cursor lives IN THE DESTINATION, written in the same transaction as the rows. A failure
 * that may pass (disk full, network, lock) throws; what the data itself causes is a value, because repeating it can never help.
 */
import type { UsageRecord } from '../../contract/usage-record.ts';

export interface Destination {
  readonly name: string;
  /** Highest seq of this stream that the destination holds; 0 when none. */
  readCursor(streamId: string): Promise<number>;
  /**
   * Writes rows (seq ascending, all > `from`) and moves the cursor from `from` to `to` in one transaction. A replay whose cursor has moved is
   * refused with `{ kind: 'moved', cursor }` and writes nothing; rows that cannot be stored yield `{ kind: 'rejected' }` and write nothing.
   */
  deliver(batch: DeliveryBatch): Promise<DeliveryResult>;
  /** Sets one unstorable row aside with its reason and moves the cursor past it, in one transaction. */
  park(row: ParkedRow): Promise<DeliveryResult>;
}

export interface DeliveryBatch {
  readonly streamId: string;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly UsageRecord[];
}

export interface ParkedRow {
  readonly streamId: string;
  readonly from: number;
  readonly to: number;
  readonly row: UsageRecord;
  readonly reason: string;
}

export type DeliveryResult =
  | { readonly kind: 'stored' }
  | { readonly kind: 'moved'; readonly cursor: number }
  | { readonly kind: 'rejected'; readonly reason: string };
