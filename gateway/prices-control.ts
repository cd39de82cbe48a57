/** Prices as the gateway manages them: the user's own list and its file, how a cost came about, and history priced again. */
import { AppError } from '../contract/errors.ts';
import type { PriceOverrides, PricesState } from '../contract/prices.ts';
import type { PricesApi } from './api/prices-routes.ts';
import { dataFiles } from './config.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { setAside, writePrivateJson } from './private-file.ts';
import { createRepriceJob, type RepriceJob, type RepriceJobOptions } from './reprice-job.ts';

export interface PricesControlOptions extends RepriceJobOptions {
  readonly dataDir: string;
  readonly prices: PriceBook;
}

export interface PricesControl extends PricesApi {
  readonly reprice: RepriceJob;
}

export function createPricesControl(options: PricesControlOptions): PricesControl {
  const { dataDir, prices, warehouse } = options;
  let last: Promise<unknown> = Promise.resolve(); // one writer at a time, in the order of the asking
  return {
    state: () => prices.state(),
    replace(overrides) {
      const replaced = last.then(() => replace(dataFiles(dataDir).prices, prices, overrides));
      last = replaced.catch(() => undefined); // its caller hears of it
      return replaced;
    },
    async explain({ callId, source }, signal) {
      const record = await warehouse.carryOut('findCall', { callId, source }, signal);
      if (record !== null) return prices.explain(record);
      throw new AppError('not_found', `There is no call ${callId} in ${source}.`, { field: 'callId' });
    },
    reprice: createRepriceJob(options),
  };
}

/** Replaced as a whole: a reader sees the old list or the new one. People edit this file too, so it is laid out for them. */
async function replace(path: string, prices: PriceBook, overrides: PriceOverrides): Promise<PricesState> {
  if (prices.isUnread()) {
    const why = prices.state().overridesFault ?? 'prices.json cannot be read.';
    throw new AppError('data_dir_unusable', `${why} It is not written over.`);
  }
  try {
    if (prices.state().overridesFault !== null) await setAside(path); // what a person wrote is never written over
    await writePrivateJson(path, overrides, 2);
  } catch (cause) {
    throw notWritten(cause instanceof Error ? cause.message : String(cause), cause);
  }
  await prices.reload();
  return prices.state();
}

const notWritten = (why: string, cause?: unknown): AppError =>
  new AppError('data_dir_unusable', `prices.json cannot be written (${why}). The old prices stay in use.`, { cause });
