import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { notPriced } from '../../../build/docs/not-priced.ts';
import { exampleOverrides, pricesFile, pricesText } from '../../../build/docs/prices.ts';
import { PriceOverride, PriceOverrides } from '../../../contract/prices.ts';
import { createPriceBook } from '../../../gateway/pricing/price-book.ts';
import { noOverrides } from '../../../gateway/pricing/overrides.ts';
import { unitPriceTable } from '../../../gateway/pricing/unit-prices.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { someFacts } from '../../gateway/pricing/usage-facts.ts';

const book = createPriceBook({ overrides: noOverrides, log: { info: () => undefined, warn: () => undefined } });
const surfaces = {
  google: 'generateContent',
  openai: 'chat.completions',
  anthropic: 'messages',
  other: 'other',
} as const;

describe('docs/PRICES.md', () => {
  it('is what `node build/docs/prices.ts` writes', () => {
    expect(readFileSync(pricesFile, 'utf8')).toBe(pricesText());
  });

  it('shows an example that may be saved as it is', () => {
    expect(PriceOverrides.parse(exampleOverrides)).toEqual(exampleOverrides);
  });

  it('names every field of an own price', () => {
    const text = pricesText();
    for (const field of Object.keys(PriceOverride.shape)) expect(text).toContain(`\`${field}\``);
  });

  it('has every price of a unit', () => {
    const text = pricesText();
    for (const { unit } of unitPriceTable) expect(text).toContain(`| ${unit} |`);
  });
});

const examples = notPriced.flatMap(({ provider, what, example }) =>
  example === null ? [] : [[`${provider}: ${what}`, { provider, example }] as const],
);
describe.each(examples)('%s', (_, { provider, example }) => {
  it('has no price, and not the price 0', () => {
    const row = usageRecord({ ...someFacts, provider, surface: surfaces[provider], modelRequested: null, ...example });
    expect(book.priceRow(row)).toEqual({ costUsd: null, costSource: 'none', priceVersion: null });
  });
});

const listed = [
  ['google', 'gemini-2.5-flash'],
  ['openai', 'gpt-4o'],
  ['anthropic', 'claude-sonnet-4-5'],
] as const;
it.each(listed)('%s: the same call of %s in the usual tier has one', (provider, model) => {
  const asked = { model, inputTokens: 1_000, outputTokens: 100 };
  const row = usageRecord({ ...someFacts, provider, surface: surfaces[provider], modelRequested: null, ...asked });
  expect(book.priceRow(row).costUsd).toBeGreaterThan(0);
});
