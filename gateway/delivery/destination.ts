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
  /** `known`: how many of the rows were left out, because the destination holds these calls from another stream. */
  | { readonly kind: 'stored'; readonly known?: number }
  | { readonly kind: 'moved'; readonly cursor: number }
  | { readonly kind: 'rejected'; readonly reason: string };

/**
 * Why a destination could not take a batch although the batch is fine. `offline` passes by itself; `lock` = another transaction holds the
 * stream's row (often our own, detached after a kill: Snowflake ends it after up to 10 minutes); `attention` = nothing changes until somebody
 * does what `action` says. Every kind is tried again, so a repaired warehouse needs no restart.
 */
export class DestinationFault extends Error {
  override readonly name = 'DestinationFault';
  readonly kind: 'offline' | 'lock' | 'attention';
  /** One thing to do, in plain words; null when waiting is all there is. */
  readonly action: string | null;
  /** Not to be tried again sooner, whatever the back-off says, unless somebody asks; null = the back-off decides. */
  readonly restMs: number | null;
  /** The destination fell over while it worked: by itself, or by what the batch holds. Nobody knows, so both are tried (suspicion.ts). */
  readonly maybeTheBatch: boolean;

  constructor(
    kind: DestinationFault['kind'],
    message: string,
    options: {
      readonly action?: string | null;
      readonly restMs?: number | null;
      readonly maybeTheBatch?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.action = options.action ?? null;
    this.restMs = options.restMs ?? null;
    this.maybeTheBatch = options.maybeTheBatch ?? false;
  }
}
