/** Prices and re-pricing over REST. They live in the gateway, so a page in a browser may do all that the app may. */
import type { Answer } from '../../contract/errors.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import { PriceExplanation, PricesState, RepriceState } from '../../contract/prices.ts';
import { requestJson } from './rest.ts';

type PriceAsk = 'prices' | 'savePrices' | 'explainPrice' | 'startReprice' | 'repriceState' | 'cancelReprice';
type PriceHandlers = { readonly [K in PriceAsk & AskName]: (input: AskInput<K>) => Promise<Answer<AskOutput<K>>> };

export function priceHandlers(fetcher: typeof fetch): PriceHandlers {
  const reprice = { path: '/api/reprice', schema: RepriceState } as const;
  return {
    prices: () => requestJson(fetcher, { path: '/api/prices', schema: PricesState }),
    savePrices: (overrides) =>
      requestJson(fetcher, { path: '/api/prices', schema: PricesState, method: 'PUT', post: { overrides } }),
    explainPrice: (post) => requestJson(fetcher, { path: '/api/prices/explain', schema: PriceExplanation, post }),
    startReprice: (post) => requestJson(fetcher, { ...reprice, post }),
    repriceState: () => requestJson(fetcher, reprice),
    cancelReprice: () => requestJson(fetcher, { ...reprice, method: 'DELETE' }),
  };
}
