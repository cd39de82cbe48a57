/** Looks once a second whether the data directory is still the claimed one and says where the gateway is; takes one that was made again over. */
import type { DataDirClaim } from './data-dir-claim.ts';
import type { LockId } from './journal/lock.ts';
import type { Log } from './log.ts';

export interface WatchParts {
  readonly claim: DataDirClaim;
  /** Who writes there, and has to know that the directory is another one. */
  readonly journal: { claimedAgain(lock: LockId, notice: string): void };
  readonly warehouse: { claimedAgain(lock: LockId): void };
  readonly log: Log;
}

const everyMs = 1_000;

/** @returns the function that ends it; resolves when the look under way has ended */
export function watchDataDir(parts: WatchParts): () => Promise<void> {
  const watch = new Watch(parts);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => watch.look());
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

class Watch {
  readonly #parts: WatchParts;
  #movedAt: string | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  async look(): Promise<void> {
    const { claim, log } = this.#parts;
    try {
      if (await claim.isInPlace()) await this.#settle();
      else this.#follow();
    } catch (error) {
      log.warn({ err: error }, 'DataDirNotLookedAt');
    }
  }

  async #settle(): Promise<void> {
    if (this.#movedAt !== null) this.#parts.log.info({ movedAt: this.#movedAt }, 'DataDirInPlace');
    this.#movedAt = null;
    if (await this.#parts.claim.restoreAddress()) this.#parts.log.warn({}, 'GatewayFileWrittenAgain');
  }

  /** Nobody writes into a directory that is not claimed: until it is ours, calls pass unrecorded and health says since when. */
  #follow(): void {
    const { claim, journal, warehouse, log } = this.#parts;
    if (this.#movedAt === null) {
      this.#movedAt = new Date().toISOString();
      log.error({ movedAt: this.#movedAt }, 'DataDirMoved');
    }
    if (!claim.takeAgain()) return;
    log.warn({ movedAt: this.#movedAt }, 'DataDirClaimedAgain');
    journal.claimedAgain(claim.lock, notice(this.#movedAt));
    warehouse.claimedAgain(claim.lock);
  }
}

const notice = (movedAt: string): string =>
  `The data directory was removed or replaced while the gateway ran (noticed ${movedAt}): calls recorded before are missing, unless they are in the one that is there now.`;
