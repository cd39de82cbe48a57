/** What the driver of the journal's thread tells its client. */
import type { KeptBatch } from './kept-batches.ts';
import type { Placed } from './protocol.ts';

export interface DriverEvents {
  /** The thread takes the next batch. */
  readonly onFree: () => void;
  /** The batch is committed (after a fault perhaps once more); one place per close. */
  readonly onPlaced: (batch: KeptBatch, placed: readonly Placed[]) => void;
  /** The batch is durable and kept no longer. */
  readonly onDurable: (batch: KeptBatch) => void;
  /** An attempt failed; the next one follows after a pause. */
  readonly onFault: () => void;
  /** Something that health shows may have changed. */
  readonly onChange: () => void;
}
