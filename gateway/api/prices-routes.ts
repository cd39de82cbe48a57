/** Routes of prices: the user's own list, how the cost of a call came about, and history priced again. */
import type { z } from 'zod';
import {
  ExplainInput,
  PriceExplanation,
  PricesInput,
  PricesState,
  RepriceInput,
  RepriceState,
  type PriceOverrides,
} from '../../contract/prices.ts';
import { jsonRoute, type Route } from './route.ts';

export interface PricesApi {
  state(): PricesState;
  /** @throws AppError `data_dir_unusable`; then the old list stays in use */
  replace(overrides: PriceOverrides): Promise<PricesState>;
  /** @throws AppError `not_found` */
  explain(input: z.output<typeof ExplainInput>, signal: AbortSignal): Promise<PriceExplanation>;
  readonly reprice: {
    /** @throws AppError `busy`, `bad_request`, `snowflake_not_configured` */
    start(input: RepriceInput): RepriceState;
    state(): RepriceState;
    cancel(): RepriceState;
  };
}

/** 10,000 entries, the most a list may have, with room for every field of each. */
const maxPricesBytes = 8 * 1024 * 1024;

export function pricesRoutes(prices: PricesApi): readonly Route[] {
  return [...listRoutes(prices), ...repriceRoutes(prices)];
}

function listRoutes(prices: PricesApi): readonly Route[] {
  return [
    {
      kind: 'json',
      method: 'GET',
      path: '/api/prices',
      operationId: 'prices',
      summary: 'Own prices in use, and the lists behind them',
      access: 'session',
      answer: PricesState,
      handle: async () => prices.state(),
    },
    jsonRoute({
      method: 'PUT',
      path: '/api/prices',
      operationId: 'savePrices',
      summary: 'Replace the own prices (prices.json); calls that ended before keep theirs until they are priced again',
      access: 'session',
      maxBodyBytes: maxPricesBytes,
      body: PricesInput,
      answer: PricesState,
      handle: async ({ body }) => prices.replace(body.overrides),
    }),
    jsonRoute({
      method: 'POST',
      path: '/api/prices/explain',
      operationId: 'explainPrice',
      summary: 'What one call costs by the lists of today, line by line',
      access: 'session',
      body: ExplainInput,
      answer: PriceExplanation,
      handle: ({ body, signal }) => prices.explain(body, signal),
    }),
  ];
}

function repriceRoutes({ reprice }: PricesApi): readonly Route[] {
  return [
    {
      kind: 'json',
      method: 'GET',
      path: '/api/reprice',
      operationId: 'repriceState',
      summary: 'How far re-pricing has come, or how the last run ended',
      access: 'session',
      answer: RepriceState,
      handle: async () => reprice.state(),
    },
    jsonRoute({
      method: 'POST',
      path: '/api/reprice',
      operationId: 'startReprice',
      summary: 'Price the calls of a range by the lists of today, or say what that would change; one run at a time',
      access: 'session',
      body: RepriceInput,
      answer: RepriceState,
      handle: async ({ body }) => reprice.start(body),
    }),
    {
      kind: 'json',
      method: 'DELETE',
      path: '/api/reprice',
      operationId: 'cancelReprice',
      summary: 'End the run that goes on; what it has changed stays changed',
      access: 'session',
      answer: RepriceState,
      handle: async () => reprice.cancel(),
    },
  ];
}
