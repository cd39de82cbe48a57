import { readFileSync } from 'node:fs';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../contract/usage-record.ts';
import { catalogVersion } from '../../../gateway/pricing/catalog.ts';
import { createPriceBook } from '../../../gateway/pricing/price-book.ts';
import { textCost } from '../../../gateway/pricing/token-cost.ts';
import type { CountedUsage } from '../../../gateway/usage/usage-facts.ts';
import { googleCases } from './google-price-cases.ts';
import { otherCases } from './price-cases.ts';
import { someFacts } from './usage-facts.ts';

const warnings: unknown[] = [];
const book = createPriceBook({ log: { info: () => undefined, warn: (fields) => warnings.push(fields) } });
const today = new Date('2026-11-20T12:00:00Z');

function priced(provider: Provider, facts: Partial<CountedUsage>, at: Date = today, isFinal = true) {
  return book.price({
    provider,
    startedAt: at,
    facts: { ...someFacts, modelRequested: facts.model ?? null, ...facts },
    isFinal,
  });
}

const flash = { model: 'gemini-2.5-flash' };

describe('price of', () => {
  it.each([...googleCases, ...otherCases].map((row) => [row[0], row] as const))(
    '%s',
    (_what, [, provider, facts, costUsd, costSource, at]) => {
      const price = priced(provider, facts, at === undefined ? today : new Date(at));
      expect(price).toMatchObject({ costUsd, costSource });
      expect(price.priceVersion ?? '').toMatch(costUsd === null ? /^$/ : /^(genai-prices@0\.1\.8)?( ?units@2026-11)?$/);
    },
  );

  it('a call that was cut before its end is an estimate', () => {
    expect(priced('google', { ...flash, inputTokens: 10, outputTokens: 10 }, today, false)).toMatchObject({
      costUsd: 0.000028,
      costSource: 'estimated',
    });
  });
});

it('has at most nine decimals', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(1_000_000), (inputTokens, outputTokens) => {
      const { costUsd } = priced('openai', { model: 'gpt-4o-mini', inputTokens, outputTokens });
      expect(costUsd).toBe(Number((costUsd ?? Number.NaN).toFixed(9)));
    }),
  );
});

it('never throws and never answers 0 for a paid model, whatever the counts', () => {
  const count = fc.oneof(fc.constant(null), fc.nat(2_000_000), fc.constant(Number.MAX_SAFE_INTEGER));
  const map = fc.option(fc.dictionary(fc.constantFrom('TEXT', 'AUDIO', 'IMAGE', 'VIDEO', 'DOCUMENT'), fc.nat(5_000)), {
    nil: undefined,
  });
  const models = fc.constantFrom(
    'gemini-2.5-flash',
    'gemini-3.1-flash-live-preview',
    'gemini-embedding-2',
    'gemini-2.5-flash-image',
  );
  fc.assert(
    fc.property(
      models,
      count,
      count,
      count,
      map,
      map,
      map,
      (model, inputTokens, cachedInputTokens, outputTokens, input, cachedInput, output) => {
        const modalities = { ...(input && { input }), ...(cachedInput && { cachedInput }), ...(output && { output }) };
        const { costUsd, costSource } = priced('google', {
          model,
          inputTokens,
          cachedInputTokens,
          outputTokens,
          modalities,
        });
        expect(costUsd === null).toBe(costSource === 'none');
        expect(costUsd === 0 && (inputTokens ?? 0) + (outputTokens ?? 0) > 0).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
  expect(warnings).toEqual([]);
});

it('agrees with the package on plain text for every model of the list', () => {
  const models = (['google', 'openai', 'anthropic'] as const).flatMap(
    (id) => findProvider({ providerId: id })?.models ?? [],
  );
  expect(models.length).toBeGreaterThan(150);
  fc.assert(
    fc.property(
      fc.constantFrom(...models),
      fc.nat(600_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(100_000),
      (model, input, share, output) => {
        const cached = Math.floor(input * share);
        const alone = { id: 'x', name: 'x', api_pattern: '', models: [{ ...model, match: { equals: 'm' } }] };
        const result = calcPrice({ input_tokens: input, cache_read_tokens: cached, output_tokens: output }, 'm', {
          provider: alone,
          timestamp: today,
        });
        expect(textCost(result?.model_price ?? {}, { input, cached, output })).toBeCloseTo(
          result?.total_price ?? Number.NaN,
          9,
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

it('names the version of the list that is installed', () => {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.resolve('@pydantic/genai-prices')), 'utf8'),
  );
  expect(manifest).toMatchObject({ version: catalogVersion });
  expect(book.pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
