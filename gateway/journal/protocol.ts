/** Messages between the journal's client (event loop of the gateway) and its thread. Records travel as JSON text, made once by the client. */
import type { Fault } from './faults.ts';
import type { LockId } from './lock.ts';

/** Which rows stay: those that a destination still lacks, and those of the last days. */
export interface KeepRule {
  readonly destinations: readonly string[];
  readonly keepDays: number;
  /** The time that the days are counted back from; null = the clock of this machine. */
  readonly clock: TrustedTime | null;
}

/** A time that was trusted when the monotonic clock of the process stood at `monotonicMs`; both go on from there. */
export interface TrustedTime {
  readonly trustedMs: number;
  readonly monotonicMs: number; // process.hrtime, the same in every thread
}

export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** Never later than the clock of the machine says. */
export const timeOf = (clock: TrustedTime | null): number =>
  clock === null ? Date.now() : Math.min(Date.now(), clock.trustedMs + monotonicMs() - clock.monotonicMs);

/** What the thread is started with. A restarted thread gets the newest values, so it continues where the last one ended. */
export interface ThreadStart extends KeepRule {
  readonly dataDir: string;
  readonly installId: string; // of a journal that has no identity of its own yet
  readonly installCopy: string | null; // install.json as text, kept in the journal so that it can be made again
  readonly lock: LockId | null; // null: nobody locks the data directory
  readonly run: string; // UUID of this start of the gateway
  readonly epoch: string; // the stream that new rows belong to
  readonly minSeq: number; // highest seq this run has seen; the journal must never give it again
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly capBytes: number;
  readonly delivered: readonly Delivered[];
}

export interface OpenedRow {
  readonly callId: string;
  readonly startedMs: number;
  readonly record: string;
}

export interface ProgressRow {
  readonly callId: string;
  readonly record: string;
}

export interface ClosedRow extends OpenedRow {
  readonly closedMs: number;
  readonly sample: 0 | 1;
}

export interface Delivered {
  readonly destination: string;
  readonly seq: number;
}

/** How long the answer of an ended call had waited for its row when the batch left, and how much longer it may. */
export interface Hold {
  readonly heldMs: number;
  readonly leftMs: number;
}

/** One transaction. Written again, it changes nothing (store.ts). */
export interface Batch {
  readonly opens: readonly OpenedRow[];
  readonly progress: readonly ProgressRow[];
  readonly closes: readonly ClosedRow[];
  readonly holds: readonly Hold[]; // of `closes`, in their order
  readonly handedMs: number; // when it left, on the clock of both threads (held.ts)
  readonly delivered: readonly Delivered[];
}

export type ToThread =
  | { readonly kind: 'batch'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'probe' } // try to open and write; answered by `opened` or `failed`
  | ({ readonly kind: 'keep' } & KeepRule)
  | { readonly kind: 'claimed'; readonly lock: LockId } // the data directory is another one, and it is ours
  | { readonly kind: 'removeSample' }
  | { readonly kind: 'stop' };

/** seq 0 = refused because the journal is at its cap. `epoch` is set where it differs from the thread's current one. */
export interface Placed {
  readonly seq: number;
  readonly epoch?: string;
}

export interface StoreStats {
  readonly rows: number;
  readonly openRows: number;
  readonly bytes: number; // pages in use, without free ones and the write-ahead log
  readonly lastSeq: number;
  readonly undeliveredRows: number;
  readonly reserveHeld: boolean;
}

export const noStats: StoreStats = {
  rows: 0,
  openRows: 0,
  bytes: 0,
  lastSeq: 0,
  undeliveredRows: 0,
  reserveHeld: true,
};

export interface Quarantine {
  readonly file: string;
  readonly reason: string;
  readonly salvagedRows: number;
  readonly unreadableRows: number;
}

/** `closed`: the connection is gone, and what it committed without a sync may be gone with it. */
export type FromThread =
  | {
      readonly kind: 'opened';
      readonly installId: string; // the journal's own
      readonly epoch: string;
      readonly stats: StoreStats;
      readonly recovery: Recovery;
      readonly behind: Behind | null;
      readonly quarantine: Quarantine | null;
    }
  | {
      readonly kind: 'committed'; // in the page cache: safe from a kill, from a power cut only once `synced`
      readonly id: number;
      readonly generation: number; // of the connection, counted by the thread
      readonly epoch: string;
      readonly placed: readonly Placed[];
      readonly stats: StoreStats;
      readonly quarantine: Quarantine | null;
    }
  | { readonly kind: 'synced'; readonly ids: readonly number[]; readonly generation: number } // with `FULL` only
  | { readonly kind: 'failed'; readonly fault: Fault; readonly closed: boolean } // answers a batch or a probe
  | { readonly kind: 'sampleRemoved'; readonly rows: number }
  | { readonly kind: 'stats'; readonly stats: StoreStats }
  | { readonly kind: 'trouble'; readonly fault: Fault; readonly closed: boolean } // a sync or maintenance failed; writing may still work
  | { readonly kind: 'stopped' };

/** The file ends before what the last run had written: it was lost, lost its log, or was put back from an older copy. */
export interface Behind {
  readonly lastSeq: number;
  readonly written: number;
}

/** Running calls of a dead run found at open. */
export interface Recovery {
  readonly interrupted: number;
  readonly forgotten: number; // of a journal put back from elsewhere, or damaged
}
