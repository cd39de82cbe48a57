/**
 * List prices of what is not billed by token, which the public list lacks: searches, images, seconds of video, characters, cache storage.
 * Read in November 2026 from https://ai.google.dev/gemini-api/docs/pricing, https://developers.openai.com/api/docs/pricing and
 * https://platform.claude.com/docs/en/about-claude/pricing. A unit without an entry here leaves the call unpriced, never free.
 */
import type { Provider, Unit, Units } from '../../contract/usage-record.ts';

export const unitPricesVersion = 'units@2026-11';

interface UnitPrice {
  readonly provider: Provider;
  /** Matched against the whole model name; the first entry that fits is used. */
  readonly model: RegExp;
  readonly unit: Unit;
  readonly usd: number; // for one unit
  /** Why the bill may differ, where it may: the cost is then an estimate. */
  readonly assumes?: string;
}

const freeAllowance = 'a daily allowance is free, which one gateway cannot see';
const google = (model: RegExp, unit: Unit, usd: number, assumes?: string): UnitPrice => ({
  provider: 'google',
  model,
  unit,
  usd,
  ...(assumes === undefined ? {} : { assumes }),
});
const openai = (model: RegExp, unit: Unit, usd: number, assumes?: string): UnitPrice => ({
  ...google(model, unit, usd, assumes),
  provider: 'openai',
});
const any = /./;
const gemini2 = /^gemini-2/;
const gemini3 = /^gemini-[3-9]/;

const unitPrices: readonly UnitPrice[] = [
  google(gemini3, 'webSearches', 14 / 1000, freeAllowance),
  google(gemini3, 'imageSearches', 14 / 1000, freeAllowance),
  google(gemini3, 'mapsQueries', 14 / 1000, freeAllowance),
  google(gemini2, 'groundedPrompts', 35 / 1000, freeAllowance),
  google(gemini2, 'mapsQueries', 25 / 1000, freeAllowance),
  google(/^imagen-4.*-fast/, 'images', 0.02),
  google(/^imagen-4.*-ultra/, 'images', 0.06),
  google(/^imagen-4/, 'images', 0.04),
  google(/^imagen-3/, 'images', 0.03),
  google(/^veo-3.1.*-fast/, 'videoSeconds', 0.15, 'a resolution up to 1080p'),
  google(/^veo-3.1/, 'videoSeconds', 0.4, 'a resolution up to 1080p'),
  google(/^veo-3.*-fast/, 'videoSeconds', 0.15),
  google(/^veo-3/, 'videoSeconds', 0.4),
  google(/^veo-2/, 'videoSeconds', 0.35),
  google(/^gemini-.*-pro/, 'cacheStorageTokenHours', 4.5 / 1e6, 'the cache lives as long as it was promised to'),
  google(/^gemini-.*-flash/, 'cacheStorageTokenHours', 1 / 1e6, 'the cache lives as long as it was promised to'),
  openai(any, 'webSearches', 10 / 1000, 'the price of the current search tool; preview versions cost more'),
  openai(any, 'fileSearches', 2.5 / 1000),
  openai(/^whisper-1/, 'audioSeconds', 0.006 / 60),
  openai(/^tts-1-hd/, 'inputCharacters', 30 / 1e6),
  openai(/^tts-1/, 'inputCharacters', 15 / 1e6),
  { provider: 'anthropic', model: any, unit: 'webSearches', usd: 10 / 1000 },
];

/** Units that are parts of token counts: priced with the tokens. */
const partsOfTokens: ReadonlySet<Unit> = new Set(['cacheWrite5mTokens', 'cacheWrite1hTokens']);
/** Up to Gemini 2 a grounded prompt is billed, whatever the number of its searches; from Gemini 3 on each search. */
function notBilled(provider: Provider, model: string): Unit | null {
  if (provider !== 'google') return null;
  if (gemini3.test(model)) return 'groundedPrompts';
  return /^gemini-[12]/.test(model) ? 'webSearches' : null;
}
/** Images and audio of these models are billed by token; the count is for people. */
const billedByToken = /^(gemini-|gpt-image|chatgpt-image|gpt-4o|gpt-5|gpt-audio|gpt-realtime)/;
const countedBesideTokens: ReadonlySet<Unit> = new Set(['images', 'audioSeconds', 'inputCharacters']);

export interface UnitLine {
  readonly unit: Unit;
  readonly count: number;
  readonly usd: number; // for one
  readonly assumes: string | null;
}

/** What of `units` is billed on its own, with its price; null when one of them has none. */
export function unitLines(provider: Provider, model: string, units: Units | null | undefined): UnitLine[] | null {
  const lines: UnitLine[] = [];
  for (const { unit, count } of billable(provider, model, units ?? {})) {
    const price = unitPrices.find(
      (entry) => entry.provider === provider && entry.unit === unit && entry.model.test(model),
    );
    if (price === undefined) return null;
    lines.push({ unit, count, usd: price.usd, assumes: price.assumes ?? null });
  }
  return lines;
}

function billable(provider: Provider, model: string, units: Units): { unit: Unit; count: number }[] {
  const skipped = notBilled(provider, model);
  const byToken = billedByToken.test(model);
  return unitNames.flatMap((unit) => {
    const count = units[unit] ?? 0;
    const isPart = partsOfTokens.has(unit) || unit === skipped || (byToken && countedBesideTokens.has(unit));
    return count > 0 && !isPart ? [{ unit, count }] : [];
  });
}

const unitNames: readonly Unit[] = [
  'webSearches',
  'groundedPrompts',
  'mapsQueries',
  'imageSearches',
  'fileSearches',
  'images',
  'videoSeconds',
  'audioSeconds',
  'inputCharacters',
  'cacheStorageTokenHours',
  'transcriptionTokens',
];

/** The table for the documentation. */
export const unitPriceTable = unitPrices.map(({ provider, model, unit, usd, assumes }) => ({
  provider,
  model: model.source,
  unit,
  usd,
  assumes: assumes ?? null,
}));
