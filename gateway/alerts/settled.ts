/**
 * How far the calls are known: every call that began before this instant has ended, and its row is in the warehouse. A row has the place of its
 * call's start, so until then a period that has ended may still grow: by calls that began in it and run on, and by rows that wait for delivery.
 */
export interface SettledSources {
  readonly now: () => number; // epoch ms
  /** Start of the oldest running call, epoch ms. */
  readonly oldestStartedMs: () => number | null;
  /** Ended calls whose rows the journal does not have yet. */
  readonly waitingRows: () => number;
  readonly lastSeq: () => number;
  /** Null while the warehouse does not say how far it is. */
  readonly deliveredSeq: () => number | null;
}

/** @returns what is settled at the time of asking; null until something is */
export function createSettled(sources: SettledSources): () => number | null {
  let mark: { readonly seq: number; readonly untilMs: number } | null = null;
  let settledMs: number | null = null;
  return () => {
    const delivered = sources.deliveredSeq();
    if (mark !== null && delivered !== null && delivered >= mark.seq) {
      settledMs = mark.untilMs;
      mark = null;
    }
    if (mark === null && sources.waitingRows() === 0) {
      const untilMs = Math.min(sources.now(), sources.oldestStartedMs() ?? Infinity);
      mark = { seq: sources.lastSeq(), untilMs };
    }
    return settledMs;
  };
}
