import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatExact,
  formatRate,
  formatRough,
  formatShare,
} from '../../../renderer/format/numbers.ts';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [12_345, '12,345'],
    [999_999, '999,999'],
    [1_000_000, '1.00M'],
    [1_234_567, '1.23M'],
    [8_700_000, '8.70M'],
    [2_500_000_000, '2.50B'],
  ])('writes %d as %s', (value, text) => expect(formatCount(value)).toBe(text));

  it('writes an unknown count as a dash, not as zero', () => {
    expect([formatCount(null), formatExact(null), formatCompact(null), formatRough(null)]).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
  });
});

describe('formatShare', () => {
  it.each([
    [0, '0%'],
    [0.0004, '<0.1%'],
    [0.0415, '4.2%'],
    [0.04, '4%'],
    [0.123, '12%'],
    [0.996, '99.6%'],
    [0.99999, '>99.9%'],
    [1, '100%'],
    [null, '–'],
  ])('writes %s as %s', (share, text) => expect(formatShare(share)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1536, '1.5 KB'],
    [1_048_576, '1 MB'],
    [734_003_200, '700 MB'],
    [null, '–'],
  ])('writes %s as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

it('writes rates with one decimal until they are large', () => {
  expect([formatRate(0), formatRate(1.44), formatRate(240.4)]).toEqual(['0.0', '1.4', '240']);
});
