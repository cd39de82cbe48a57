import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeParked, encodeRows, maxBatchBytes } from '../../../../gateway/warehouse/snowflake/batch-json.ts';
import { columns } from '../../../../gateway/warehouse/table.ts';
import { generateRows } from '../../../helpers/generated-rows.ts';
import { usageRecord } from '../../../helpers/usage-records.ts';
import { noise } from './persistent-kit.ts';

function encoded(...records: Parameters<typeof encodeRows>[0]): Record<string, unknown>[] {
  const result = encodeRows(records);
  if (!result.ok) throw new Error(result.reason);
  return JSON.parse(result.json) as Record<string, unknown>[];
}

function reasonOf(...records: Parameters<typeof encodeRows>[0]): string | null {
  const result = encodeRows(records);
  return result.ok ? null : result.reason;
}

describe('a batch as JSON', () => {
  it('names members as the columns and leaves out what is null', () => {
    const [row] = encoded(usageRecord({ seq: 7, model: null, tags: { team: 'blue' } }));
    expect(row).toMatchObject({
      seq: 7,
      upstream: 'gemini',
      streamed: false,
      tags: { team: 'blue' },
      generation: true,
    });
    expect(Object.keys(row ?? {})).not.toContain('model');
    expect(Object.values(row ?? {})).not.toContain(null);
    const names = new Set(columns.map((column) => column.name));
    expect(Object.keys(row ?? {}).filter((name) => !names.has(name))).toEqual([]);
  });

  it('leaves out what every row shares or another member tells', () => {
    const [row] = encoded(usageRecord());
    expect(row).not.toHaveProperty('stream_id');
    expect(row).not.toHaveProperty('started_at');
    expect(row).toHaveProperty('started_ms');
  });

  it('sends money as decimal text with nine places', () => {
    expect(encoded(usageRecord({ costUsd: 1e-7 }))[0]).toMatchObject({ cost_usd: '0.000000100' });
    expect(encoded(usageRecord({ costUsd: 0.1 + 0.2 }))[0]).toMatchObject({ cost_usd: '0.300000000' });
    expect(encoded(usageRecord({ costUsd: 12_345.678_901_234 }))[0]).toMatchObject({ cost_usd: '12345.678901234' });
  });

  it('keeps generated rows whole', () => {
    const rows = generateRows({ count: 500, seed: 5, fromMs: 0, toMs: 1e12 });
    const back = encoded(...rows);
    expect(back.map((row) => row['call_id'])).toEqual(rows.map((row) => row.callId));
    expect(back.map((row) => row['total_tokens'] ?? null)).toEqual(rows.map((row) => row.totalTokens));
    expect(back.map((row) => row['tags'])).toEqual(rows.map((row) => row.tags));
  });
});

describe('a row that Snowflake cannot store', () => {
  it.each([
    ['NUL in a text', { userId: 'a\0b' }, 'user_id'],
    ['half a surrogate pair', { errorCode: 'x\ud800y' }, 'error_code'],
    ['the other half', { errorCode: '\udfff' }, 'error_code'],
    ['half a pair in the name of a tag', { tags: { '\udbff': 'x' } }, 'tags'],
    ['NUL in a tag', { tags: { team: '\0' } }, 'tags'],
    ['a huge whole number', { totalTokens: 1e300 }, 'totalTokens'],
    ['no number', { durationMs: Number.NaN }, 'durationMs'],
    ['endless money', { costUsd: 1e12 }, 'costUsd'],
    ['a text of 20 MB', { errorCode: 'x'.repeat(20 * 1024 * 1024) }, 'errorCode'],
  ])('is refused before it is sent, with its field: %s', (_, change, field) => {
    expect(reasonOf(usageRecord(), usageRecord(change))).toContain(field);
  });

  it('is no row with an escaped backslash before a u, a whole pair or 1e308', () => {
    expect(
      reasonOf(usageRecord({ userId: String.raw`a\u0000 b\\ud800`, errorCode: '😀', durationMs: 1e308 })),
    ).toBeNull();
    expect(encoded(usageRecord({ userId: String.raw`a\u0000` }))[0]).toMatchObject({ user_id: String.raw`a\u0000` });
  });

  it('is found exactly when a text is not well-formed or holds NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', '\ud800', '\udc00', '\\'), (text, odd) => {
        const value = text + odd + text;
        const fine = value.isWellFormed() && !value.includes('\0');
        expect(reasonOf(usageRecord({ userId: value })) === null).toBe(fine);
        expect(reasonOf(usageRecord({ tags: { [`k${value}`]: value } })) === null).toBe(fine);
      }),
    );
  });
});

describe('a batch too large for one request', () => {
  it('is refused with its size, so that delivery halves it', () => {
    const rows = Array.from({ length: 200 }, () => usageRecord({ userId: 'ü'.repeat(30_000) }));
    expect(reasonOf(...rows)).toMatch(/\d+ bytes of JSON/);
    expect(reasonOf(...rows.slice(0, 100))).toBeNull();
    expect(maxBatchBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});

describe('a batch too large on the wire', () => {
  it('is refused with its size there, however small its JSON is', () => {
    const rows = Array.from({ length: 40 }, (_, index) => usageRecord({ userId: noise(60_000, index) }));
    expect(reasonOf(...rows)).toMatch(/^\d{7} bytes to send/);
    expect(reasonOf(...rows.slice(0, 20))).toBeNull();
  });

  it('is none when it compresses: thousands of ordinary calls are one', () => {
    expect(reasonOf(...generateRows({ count: 5_000, seed: 7, fromMs: 0, toMs: 1e12 }))).toBeNull();
  });
});

describe('a parked row', () => {
  it('can always be stored: long text cut, odd characters replaced, in names too', () => {
    const row = usageRecord({ userId: `a\0${'x'.repeat(5_000)}`, tags: { '\ud800\0': '\udfff' }, seq: 9 });
    const text = encodeParked(row, 'because \0 it is \ud83d odd');
    const [parked] = JSON.parse(text) as { seq: number; reason: string; record: Record<string, unknown> }[];
    expect(parked?.seq).toBe(9);
    expect(parked?.reason).toBe('because \ufffd it is \ufffd odd');
    expect(String(parked?.record['userId']).length).toBeLessThan(1_100);
    expect(parked?.record['tags']).toEqual({ '\ufffd\ufffd': '\ufffd' });
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(/\\u0000/);
  });

  it('keeps a pair that the cut would have split whole or replaced', () => {
    const text = encodeParked(usageRecord({ userId: `${'x'.repeat(1_023)}😀y` }), 'long');
    expect(text).not.toMatch(/\\ud/);
  });
});
