/** What delivery needs from a warehouse. The cursor lives IN THE DESTINATION, written in the same transaction as the rows (P4). */
import type { UsageRecord } from '../../contract/usage-record.ts';

export interface Destination {
  readonly name: string;
  /** Highest seq of this stream that the destination holds; 0 when none. */
  readCursor(streamId: string): Promise<number>;
  /**
   * Writes rows (seq ascending, all > `from`) and moves the cursor from `from` to `to` in one transaction. A replay whose cursor has moved is
   * refused with `{ kind: 'moved', cursor }` and writes nothing.
   */
  deliver(batch: DeliveryBatch): Promise<DeliveryResult>;
}

export interface DeliveryBatch {
  readonly streamId: string;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly UsageRecord[];
}

export type DeliveryResult = { readonly kind: 'stored' } | { readonly kind: 'moved'; readonly cursor: number };
