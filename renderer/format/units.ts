/** What is billed, in words: the units besides tokens, and the lines of a cost. Pure. */
import type { PriceLine } from '../../contract/prices.ts';
import { Unit } from '../../contract/usage-record.ts';
import { formatExact } from './numbers.ts';

const unitLabels: Readonly<Record<Unit, string>> = {
  webSearches: 'Web searches',
  groundedPrompts: 'Grounded prompts',
  mapsQueries: 'Maps queries',
  imageSearches: 'Image searches',
  fileSearches: 'File searches',
  images: 'Images made',
  videoSeconds: 'Seconds of video',
  audioSeconds: 'Seconds of audio',
  inputCharacters: 'Characters spoken',
  cacheWrite5mTokens: 'Tokens cached for 5 min',
  cacheWrite1hTokens: 'Tokens cached for 1 h',
  cacheStorageTokenHours: 'Token-hours of cache',
  transcriptionTokens: 'Transcription tokens',
};

export const units: readonly Unit[] = Unit.options;

export function unitLabel(unit: Unit): string {
  return unitLabels[unit];
}

const tokenLines: Readonly<Record<string, string>> = {
  input: 'Input',
  cachedInput: 'Input read from cache',
  cacheWrite: 'Input written to cache',
  cacheWrite5m: 'Written to cache for 5 min',
  cacheWrite1h: 'Written to cache for 1 h',
  output: 'Output',
  reasoning: 'Reasoning',
};

/** `input AUDIO` → "Input, audio"; what is not known here is shown as it came. */
export function lineLabel(what: string): string {
  const unit = Unit.safeParse(what);
  if (unit.success) return unitLabels[unit.data];
  const [name = what, ...kind] = what.split(/[\s.:]+/);
  const label = tokenLines[name];
  if (label === undefined) return what;
  return kind.length === 0 ? label : `${label}, ${kind.join(' ').toLowerCase()}`;
}

const decimals = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** Whole where it is whole; seconds and token-hours may have a fraction. */
export function formatUnits(count: number): string {
  return Number.isInteger(count) ? formatExact(count) : decimals.format(count);
}

const rate = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 });

/** $0.30, $0.0075: as many decimals as the rate has. */
export function formatRate(usd: number): string {
  return `$${rate.format(usd)}`;
}

/** "$0.30 / M" for tokens, "$0.014 each" for a unit. */
export function rateWords({ rateUsd, per }: Pick<PriceLine, 'rateUsd' | 'per'>): string {
  return per === 'million' ? `${formatRate(rateUsd)} / M` : `${formatRate(rateUsd)} each`;
}
