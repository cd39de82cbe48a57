import { describe, expect, test } from 'vitest';
import type { PriceOverride } from '../../../contract/prices.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { compileOverrides, ownPriceVersion } from '../../../gateway/pricing/overrides.ts';
import { createPriceBook, type PriceBook } from '../../../gateway/pricing/price-book.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { googleCases } from './google-price-cases.ts';
import { otherCases } from './price-cases.ts';
import { someFacts } from './usage-facts.ts';

const silent = { info: () => undefined, warn: () => undefined };

function bookWith(overrides: readonly PriceOverride[] = []): PriceBook {
  return createPriceBook({ overrides: compileOverrides(overrides, ownPriceVersion('test')), log: silent });
}

const rowOf = (fields: Partial<UsageRecord>): UsageRecord =>
  usageRecord({ startedAt: '2026-11-20T12:00:00.000Z', outcome: 'ok', ...someFacts, ...fields });
const nano = (usd: number): number => Math.round(usd * 1e9);
const sum = (lines: readonly { readonly costUsd: number }[]): number =>
  lines.reduce((total, { costUsd }) => total + nano(costUsd), 0);

describe('the lines of', () => {
  const priced = [...googleCases, ...otherCases].filter(([, , , costUsd]) => costUsd !== null);
  test.each(priced.map((row) => [row[0], row] as const))('%s add up to its cost', (_what, row) => {
    const [, provider, facts, costUsd, , at] = row;
    const startedAt = new Date(at ?? '2026-11-20T12:00:00Z').toISOString();
    const explanation = bookWith().explain(
      rowOf({ provider, modelRequested: facts.model ?? null, startedAt, ...facts }),
    );
    expect(explanation.costUsd).toBe(costUsd);
    expect(sum(explanation.lines)).toBe(nano(costUsd ?? Number.NaN));
    expect(explanation.lines.every((line) => line.count > 0)).toBe(true);
  });
});

test('each kind of token has its own line and rate', () => {
  const row = rowOf({
    provider: 'google',
    model: 'gemini-2.5-flash',
    inputTokens: 1_000,
    cachedInputTokens: 500,
    outputTokens: 100,
    reasoningTokens: 60,
    modalities: { input: { TEXT: 400, AUDIO: 600 }, cachedInput: { TEXT: 400, AUDIO: 100 } },
    units: { groundedPrompts: 1 },
  });
  const lines = bookWith().explain(row).lines;
  expect(lines.map(({ what, count, rateUsd }) => [what, count, Number(rateUsd.toFixed(6))])).toEqual([
    ['cachedInput', 400, 0.03],
    ['input audio', 500, 1],
    ['cachedInput audio', 100, 0.1],
    ['output', 40, 2.5],
    ['reasoning', 60, 2.5],
    ['groundedPrompts', 1, 0.035],
  ]);
  expect(lines.at(-1)?.assumes).toMatch(/free/);
});

test('an own price is explained by its own rates, units included', () => {
  const own = {
    provider: 'other',
    model: 'mine-*',
    inputPerMillionUsd: 1,
    outputPerMillionUsd: 2,
    cachedInputPerMillionUsd: 0.1,
    audioInputPerMillionUsd: 5,
    unitsUsd: { images: 0.25 },
  } as const;
  const row = rowOf({
    provider: 'other',
    surface: 'other',
    model: 'mine-1',
    inputTokens: 1_000_000,
    cachedInputTokens: 400_000,
    outputTokens: 500_000,
    modalities: { input: { AUDIO: 100_000 } },
    units: { images: 2 },
  });
  const { lines, costUsd, costSource } = bookWith([own]).explain(row);
  // 500,000 × 1 + 400,000 × 0.10 + 100,000 × 5 + 500,000 × 2, and 2 × 0.25
  expect({ costUsd, costSource }).toEqual({ costUsd: 2.54, costSource: 'override' });
  expect(lines.map(({ what, costUsd: usd }) => [what, usd])).toEqual([
    ['input', 0.5],
    ['cachedInput', 0.04],
    ['input audio', 0.5],
    ['output', 1],
    ['images', 0.5],
  ]);
});

test('an entry for units alone does not make tokens free', () => {
  const own = { provider: 'other', model: '*', unitsUsd: { images: 0.25 } } as const;
  const row = rowOf({ provider: 'other', surface: 'other', model: 'x', inputTokens: 5, units: { images: 1 } });
  expect(bookWith([own]).explain(row)).toMatchObject({ costUsd: null, lines: [] });
  expect(bookWith([own]).explain({ ...row, inputTokens: null, outputTokens: null })).toMatchObject({ costUsd: 0.25 });
});

test('a row priced by another list says so, an unpriced one says why', () => {
  const row = rowOf({ provider: 'openai', model: 'gpt-6', inputTokens: 10, outputTokens: 10, costUsd: null });
  expect(bookWith().explain(row)).toMatchObject({
    lines: [],
    differsFromRow: false,
    reason: expect.stringContaining('gpt-6'),
  });
  expect(bookWith().explain({ ...row, model: 'gpt-5', costUsd: 1 })).toMatchObject({ differsFromRow: true });
});
