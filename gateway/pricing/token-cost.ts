/**
 * The common case of a price in a few multiplications: text tokens in, cached or not, text tokens out. The package decomposes every usage
 * anew, which takes a tenth of the time a call has here. A test holds both to the same results over the whole list.
 */
import type { ModelPrice } from '@pydantic/genai-prices';

export interface TextTokens {
  readonly input: number; // cached included
  readonly cached: number;
  readonly output: number;
}

/** USD; null when the parts exceed their whole. */
export function textCost(prices: ModelPrice, { input, cached, output }: TextTokens): number | null {
  if (cached > input) return null;
  const inputRate = rateAt(prices['input_mtok'], input);
  const cachedRate = prices['cache_read_mtok'] === undefined ? inputRate : rateAt(prices['cache_read_mtok'], input);
  return ((input - cached) * inputRate + cached * cachedRate + output * rateAt(prices['output_mtok'], input)) / 1e6;
}

/** USD per million. A long prompt switches the rate of the whole call; it is not progressive. */
export function rateAt(price: ModelPrice[string], inputTokens: number): number {
  if (price === undefined || typeof price === 'number') return price ?? 0;
  const reached = price.tiers.filter((tier) => inputTokens > tier.start);
  return reached.reduce((highest, tier) => (tier.start >= highest.start ? tier : highest), {
    start: -1,
    price: price.base,
  }).price;
}
