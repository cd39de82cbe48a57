/**
 * Re-pricing in the warehouse process, one run after the other. Each run reads prices.json once, at its start: a file with a fault stops it
 * before anything is changed, and a change of the file meanwhile does not mix two price lists in one run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { dataFiles } from '../config.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { Turn } from '../delivery/turn.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import type { RepriceOrder } from '../warehouse/protocol.ts';
import { repriceRange, type OnPage, type PriceTarget } from '../warehouse/repricing/reprice-range.ts';
import type { RepriceTally } from '../warehouse/repricing/tally.ts';
import { RememberedRuns, type Run } from './remembered-runs.ts';
import { withSnowflakePrices } from './snowflake-prices.ts';
import type { SnowflakeSide } from './snowflake-side.ts';
import { log } from './telling.ts';

export interface RepricingParts {
  readonly dataDir: string;
  readonly store: DuckDbStore;
  readonly delivery: Delivery;
  readonly snowflake: SnowflakeSide;
}

type Range = Pick<RepriceOrder, 'fromMs' | 'toMs' | 'dryRun'>;

const lookEveryMs = 1_000;
const againMs = 60_000;

export class Repricing {
  readonly #parts: RepricingParts;
  readonly #runs: RememberedRuns;
  readonly #turn = new Turn();
  readonly #stopping = new AbortController();
  #resuming: Promise<void> = Promise.resolve();

  constructor(parts: RepricingParts) {
    this.#parts = parts;
    this.#runs = new RememberedRuns(parts.dataDir, parts.store);
  }

  /** @throws AppError `bad_config` (prices.json), `cancelled`, `snowflake_*` */
  run(order: RepriceOrder, signal: AbortSignal, onPage: OnPage): Promise<RepriceTally> {
    const ended = AbortSignal.any([signal, this.#stopping.signal]);
    const { dataDir, snowflake } = this.#parts;
    return this.#turn.take(() =>
      order.engine === 'duckdb'
        ? this.#runRemembered(order, ended, onPage)
        : withSnowflakePrices(snowflake, order.dryRun, (target) => walk(dataDir, target, order, ended, onPage)),
    );
  }

  /** Does again what a rebuilt database has lost, as soon as it holds the journal's rows. */
  resume(): void {
    this.#resuming = this.#resume();
  }

  /** Resolves when the page in work has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#resuming;
    await this.#turn.take(() => Promise.resolve());
  }

  async #runRemembered(order: RepriceOrder, signal: AbortSignal, onPage: OnPage): Promise<RepriceTally> {
    if (order.dryRun) return this.#runLocal(order, signal, onPage);
    const run = await this.#runs.begin(order.fromMs, order.toMs);
    let doneUntilMs = order.fromMs;
    try {
      return await this.#runLocal(order, signal, (tally, untilMs) => {
        doneUntilMs = untilMs;
        onPage(tally, untilMs);
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'cancelled') await this.#runs.endedAt(run, doneUntilMs);
      throw error;
    }
  }

  /** Calls on their way from the journal carry older prices: they come first. */
  async #runLocal(range: Range, signal: AbortSignal, onPage: OnPage): Promise<RepriceTally> {
    const { dataDir, store, delivery } = this.#parts;
    await delivery.flush();
    const target: PriceTarget = {
      warehouse: store.warehouse,
      streams: null,
      write: (page) => delivery.betweenBatches(() => store.changePrices(page)),
      attempt: (page) => page(),
    };
    return walk(dataDir, target, range, signal, onPage);
  }

  async #resume(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const missing = await this.#runs.missing();
        if (missing.length === 0) return;
        await this.#untilRebuilt();
        for (const run of missing) await this.#turn.take(() => this.#again(run));
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        log.warn({ err: error }, 'RepriceAfterRebuildFailed');
        await this.#pause(againMs);
      }
    }
  }

  async #again(run: Run): Promise<void> {
    const { rowsSeen, rowsChanged } = await this.#runLocal({ ...run, dryRun: false }, this.#stopping.signal, () => {});
    await this.#runs.done(run);
    log.info({ ...run, rowsSeen, rowsChanged }, 'RepricedAfterRebuild');
  }

  async #untilRebuilt(): Promise<void> {
    const { delivery } = this.#parts;
    for (;;) {
      await delivery.flush();
      const { phase, backlogRows } = delivery.state();
      if (phase === 'idle' && backlogRows === 0) return;
      await this.#pause(lookEveryMs);
      this.#stopping.signal.throwIfAborted();
    }
  }

  async #pause(ms: number): Promise<void> {
    // Aborted by stop(): an expected end of the wait, whose only meaning is that the wait is over.
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

async function walk(
  dataDir: string,
  target: PriceTarget,
  { fromMs, toMs, dryRun }: Range,
  signal: AbortSignal,
  onPage: OnPage,
): Promise<RepriceTally> {
  const book = await openBook(dataDir);
  return repriceRange(target, { fromMs, toMs, dryRun, signal, onPage, priceOf: (record) => book.priceRow(record) });
}

/** The price lists are loaded when they are needed: this process hardly ever needs them. */
async function openBook(dataDir: string) {
  const { createPriceBook, readOverrides } = await import('./price-parts.ts');
  return createPriceBook({ overrides: await readOverrides(dataFiles(dataDir).prices), log });
}
