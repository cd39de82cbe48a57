/** Prices as the gateway manages them: the user's own list and its file, how a cost came about, and history priced again. */
import { AppError } from '../contract/errors.ts';
import type { PriceOverrides } from '../contract/prices.ts';
import type { PricesApi } from './api/prices-routes.ts';
import { dataFiles } from './config.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { writePrivateJson } from './private-file.ts';
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
  return {
    state: () => prices.state(),
    replace(overrides) {
      writeOverrides(dataFiles(dataDir).prices, overrides);
      prices.reload();
      return prices.state();
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
function writeOverrides(path: string, overrides: PriceOverrides): void {
  try {
    writePrivateJson(path, overrides, 2);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('data_dir_unusable', `prices.json cannot be written (${why}). The old prices stay in use.`, {
      cause,
    });
  }
}
