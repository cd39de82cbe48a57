import { expect, it } from 'vitest';
import { formatRate, formatUnits, lineLabel, rateWords, unitLabel, units } from '../../../renderer/format/units.ts';

it('names lines of a cost, and shows what it does not know as it came', () => {
  expect(lineLabel('input')).toBe('Input');
  expect(lineLabel('cachedInput AUDIO')).toBe('Input read from cache, audio');
  expect(lineLabel('webSearches')).toBe('Web searches');
  expect(lineLabel('something new')).toBe('something new');
});

it('has a name for every unit', () => expect(units.map(unitLabel).every((label) => label.length > 3)).toBe(true));

it('shows rates with the decimals they have', () => {
  expect(formatRate(0.3)).toBe('$0.30');
  expect(formatRate(0.0075)).toBe('$0.0075');
  expect(rateWords({ rateUsd: 2.5, per: 'million' })).toBe('$2.50 / M');
  expect(rateWords({ rateUsd: 0.014, per: 'one' })).toBe('$0.014 each');
});

it('keeps fractions of seconds', () => expect([formatUnits(1234), formatUnits(12.5)]).toEqual(['1,234', '12.5']));
