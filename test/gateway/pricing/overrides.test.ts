import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPriceBook, type PriceBook } from '../../../gateway/pricing/price-book.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { someFacts } from './usage-facts.ts';

let directory: string;
let file: string;
let book: PriceBook;
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'prices-'));
  file = join(directory, 'prices.json');
  warnings = [];
  book = createPriceBook({
    overridesFile: file,
    log: { info: () => undefined, warn: (_fields, message) => warnings.push(message) },
  });
});
afterEach(() => {
  book.stop();
  rmSync(directory, { recursive: true });
});

async function write(content: unknown): Promise<void> {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  await book.reload();
}

function price(facts: Partial<UsageFacts>, at = '2026-11-20T00:00:00Z') {
  return book.price({ provider: 'google', startedAt: new Date(at), facts: { ...someFacts, ...facts }, isFinal: true });
}

const used = { inputTokens: 1_000, outputTokens: 100 };
const entry = { provider: 'google', model: 'gemini-2.5-*', inputPerMillionUsd: 2, outputPerMillionUsd: 8 };

describe('prices.json', () => {
  it('wins over the public list, with its own version', async () => {
    await write([entry]);
    // 1,000 × 2 + 100 × 8
    expect(price({ ...used, model: 'gemini-2.5-flash' })).toEqual({
      costUsd: 0.0028,
      costSource: 'override',
      priceVersion: expect.stringMatching(/^prices\.json@[0-9a-f]{8}$/),
    });
    expect(price({ ...used, model: 'gemini-2.0-flash' })).toMatchObject({ costSource: 'list' });
  });

  it('prices what no list knows', async () => {
    await write([{ ...entry, model: '*' }]);
    expect(price({ ...used, model: 'tunedModels/mine' })).toMatchObject({ costUsd: 0.0028, costSource: 'override' });
  });

  it('prices cached input and cache writes apart when told, as input when not', async () => {
    const cached = { ...used, model: 'gemini-2.5-pro', cachedInputTokens: 400, cacheWriteTokens: 100 };
    await write([{ ...entry, cachedInputPerMillionUsd: 0.5, cacheWritePerMillionUsd: 4 }]);
    // 500 × 2 + 400 × 0.5 + 100 × 4 + 100 × 8
    expect(price(cached).costUsd).toBe(0.0024);
    await write([entry]);
    expect(price(cached).costUsd).toBe(0.0028);
  });

  it('uses the first entry that fits provider, model and day; `to` is exclusive', async () => {
    await write([
      { ...entry, provider: 'openai', inputPerMillionUsd: 99 },
      { ...entry, inputPerMillionUsd: 1, to: '2026-11-20' },
      { ...entry, inputPerMillionUsd: 3, from: '2026-11-20', to: '2026-11-21T00:00:00+01:00' },
      entry,
    ]);
    const model = 'gemini-2.5-flash';
    expect(price({ ...used, model }, '2026-11-19T23:59:59.999Z').costUsd).toBe(0.0018);
    expect(price({ ...used, model }, '2026-11-20T00:00:00Z').costUsd).toBe(0.0038);
    expect(price({ ...used, model }, '2026-11-20T23:00:00Z').costUsd).toBe(0.0028);
  });

  it('takes a pattern literally except for its stars', async () => {
    await write([{ ...entry, model: 'a.b(c*' }]);
    expect(price({ ...used, model: 'a.b(c-1' }).costSource).toBe('override');
    expect(price({ ...used, model: 'aXb(c-1' }).costSource).toBe('none');
  });

  it.each([
    ['[{\n  "provider": "google",\n  oops\n}]', /prices\.json, line 3: is not JSON/],
    [[{ ...entry, inputPerMillionUsd: -1 }], /prices\.json\[0\]\.inputPerMillionUsd: /],
    [[entry, { ...entry, inputPerMillionUsd: '2' }], /prices\.json\[1\]\.inputPerMillionUsd: /],
    [[{ ...entry, provider: 'acme' }], /prices\.json\[0\]\.provider: /],
    [[{ ...entry, from: 'yesterday' }], /prices\.json\[0\]\.from: /],
    [[{ ...entry, outputPerMillionUSD: 3 }], /outputPerMillionUSD/],
    [{}, /prices\.json: /],
  ])('with a fault names its place and keeps the last good prices: %j', async (content, message) => {
    await write([entry]);
    await write(content);
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(price({ ...used, model: 'gemini-2.5-flash' }).costUsd).toBe(0.0028);
  });

  it('is read again when it changes, and forgotten when it is removed', async () => {
    writeFileSync(file, JSON.stringify([entry]));
    await expect
      .poll(() => price({ ...used, model: 'gemini-2.5-flash' }).costSource, { timeout: 15_000 })
      .toBe('override');
    rmSync(file);
    await book.reload();
    expect(price({ ...used, model: 'gemini-2.5-flash' }).costSource).toBe('list');
    expect(warnings).toEqual([]);
  });
});
