/** docs/PRICES.md from the price lists in use: `node build/docs/prices.ts` writes it, a test says when it is out of date. */
import { findProvider, type ModelPrice } from '@pydantic/genai-prices';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PriceOverrides } from '../../contract/prices.ts';
import { Provider, Unit } from '../../contract/usage-record.ts';
import { catalogVersion, pricesAsOf } from '../../gateway/pricing/catalog.ts';
import { tierTable } from '../../gateway/pricing/service-tiers.ts';
import { unitPriceTable, unitPricesVersion } from '../../gateway/pricing/unit-prices.ts';
import { notPriced } from './not-priced.ts';

export const pricesFile = join(import.meta.dirname, '../../docs/PRICES.md');

const names: Readonly<Record<Provider, string>> = {
  google: 'Google',
  openai: 'OpenAI and compatible',
  anthropic: 'Anthropic',
  other: 'Any other API',
};

/** Kinds of tokens as the list names them. Searches and hours in it are not used: units have a list of their own. */
const tokenKinds: Readonly<Record<string, string>> = {
  input_mtok: 'input',
  cache_read_mtok: 'input read from a cache',
  cache_write_mtok: 'input written to a cache (5 minutes where lifetimes differ)',
  cache_write_1h_mtok: 'input written to a cache for an hour',
  input_audio_mtok: 'audio input',
  cache_audio_read_mtok: 'audio input read from a cache',
  input_image_mtok: 'image input',
  cache_image_read_mtok: 'image input read from a cache',
  input_video_mtok: 'video input',
  output_mtok: 'output, reasoning included',
  output_audio_mtok: 'audio output',
  output_image_mtok: 'image output',
  output_video_mtok: 'video output',
};

/** The example in the documentation; a test holds it to the schema. */
export const exampleOverrides: PriceOverrides = [
  {
    provider: 'google',
    model: 'gemini-2.5-*',
    inputPerMillionUsd: 0.25,
    outputPerMillionUsd: 2,
    from: '2026-11-01',
    to: '2027-01-01',
  },
  { provider: 'other', model: 'llama-*', inputPerMillionUsd: 0, outputPerMillionUsd: 0 },
  { provider: 'openai', model: 'dall-e-3', unitsUsd: { images: 0.04 } },
];

const intro = `# What is priced

Made by \`node build/docs/prices.ts\` from the price lists in use; do not edit.

A cost comes from your own prices (\`prices.json\`, [below](#your-own-prices)) or from two lists that come with the program: token prices of
\`genai-prices@${catalogVersion}\` (${pricesAsOf}) and prices of searches, images, seconds and the like, \`${unitPricesVersion}\`. They hold US dollars
before tax. A call keeps the price it had when it ended, with the version of the list, until it is
[priced again](#when-prices-change).

**What has no price stays unknown, never $0.** One part without a price leaves the whole call unpriced. A cost is marked *estimated* where it
rests on an assumption: one named in the tables, a call cut off before its last word, numbers that do not add up.
`;

const own = `## Your own prices

In the app under Settings → Prices, or as \`prices.json\` in the data directory: a list whose first entry that fits is used. It is read again when it
changes; a file with a fault is reported with its place, and the last good prices stay in use.

\`\`\`json
${JSON.stringify(exampleOverrides, null, 2)}
\`\`\`

- \`provider\` (${Provider.options.join(', ')}) and \`model\`, where \`*\` stands for any text. The served model is tried first, then the requested one.
- \`inputPerMillionUsd\` and \`outputPerMillionUsd\`, both or neither. Beside them \`cachedInputPerMillionUsd\`, \`cacheWritePerMillionUsd\`,
  \`audioInputPerMillionUsd\`, \`imageInputPerMillionUsd\` and \`videoInputPerMillionUsd\` (else the input price), \`audioOutputPerMillionUsd\` and
  \`imageOutputPerMillionUsd\` (else the output price).
- \`unitsUsd\`: the price of one of ${Unit.options.map((unit) => `\`${unit}\``).join(', ')}. A unit that is not named costs nothing extra.
- \`from\` (inclusive) and \`to\` (exclusive): a day, which begins at midnight UTC, or a time with its zone. Without them an entry always holds.
- An own price is taken as it is: no tier changes it.

## When prices change

Calls that are there keep their prices until you have them priced again: Settings → Prices, or

\`\`\`sh
npm run gateway -- reprice --from 2026-11-01 --to 2026-12-01 --dry-run     # what would change, and what it would come to
npm run gateway -- reprice --from 2026-11-01 --to 2026-12-01 --engine both # this machine and Snowflake
\`\`\`

Each replaced price is kept in the table \`price_changes\`, with both versions and the time. A second run changes nothing. A cost that was known is
never made unknown, except where it rested on an own price that you have removed. In Snowflake the calls of this installation alone are changed, and
the role needs two more grants (\`setup api_usage\` prints them).
`;

export function pricesText(): string {
  return [intro, ...Provider.options.map(section), own].join('\n');
}

function section(provider: Provider): string {
  const parts = [byToken(provider), byUnit(provider), byTier(provider), without(provider)];
  return `## ${names[provider]}\n\n${parts.filter((part) => part !== '').join('\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function byToken(provider: Provider): string {
  const models = findProvider({ providerId: provider })?.models ?? [];
  if (models.length === 0) return '';
  const lists = models.map(({ id, prices }) => ({
    id,
    isDated: Array.isArray(prices),
    prices: Array.isArray(prices) ? prices.map((entry) => entry.prices) : [prices],
  }));
  const withKind = (kind: string): number =>
    lists.filter(({ prices }) => prices.some((price) => price[kind] !== undefined)).length;
  const rows = Object.entries(tokenKinds).flatMap(([kind, what]) => {
    const count = withKind(kind);
    return count === 0 ? [] : [[what, String(count)]];
  });
  const long = lists.filter(({ prices }) => prices.some(hasTiers)).map(({ id }) => `\`${id}\``);
  const dated = lists.filter(({ isDated }) => isDated).map(({ id }) => `\`${id}\``);
  return `### By token\n
${table(['kind of token', `models with a price, of ${lists.length}`], rows)}
A long prompt switches the rate of the whole call: ${long.join(', ')}.
Prices that changed on a day hold from that day on: ${dated.join(', ')}.
`;
}

const hasTiers = (price: ModelPrice): boolean => Object.values(price).some((rate) => typeof rate === 'object');

function byUnit(provider: Provider): string {
  const rows = unitPriceTable
    .filter((entry) => entry.provider === provider)
    .map(({ unit, model, usd, assumes }) => [unit, pattern(model), `$${plain(usd)}`, assumes ?? '']);
  return rows.length === 0 ? '' : `### By unit\n\n${table(['unit', 'models', 'for one', 'estimated, because'], rows)}`;
}

/** What `.` stands for alone is every model; a pipe would end the cell. */
const pattern = (model: string): string => (model === '.' ? 'all' : `\`${model.replaceAll('|', '\\|')}\``);
/** Without an exponent, and without digits that only a double has. */
const plain = (usd: number): string => usd.toFixed(12).replace(/\.?0+$/, '');

function byTier(provider: Provider): string {
  const rows = tierTable
    .filter((entry) => entry.provider === provider)
    .map(({ tier, model, factor, isEstimate }) => [
      tier,
      model === 'all' ? 'all' : `\`${model}\``,
      `× ${Number(factor.toFixed(4))}`,
      isEstimate ? 'yes' : '',
    ]);
  return rows.length === 0
    ? ''
    : `### By service tier\n\nOf tokens; the tier that was served, not the one asked for.\n\n${table(['tier', 'models', 'list price', 'estimated'], rows)}`;
}

function without(provider: Provider): string {
  const rows = notPriced.filter((entry) => entry.provider === provider).map(({ what, why }) => [what, why]);
  return `### Not priced\n\n${table(['what', 'why'], rows)}`;
}

if (import.meta.main) writeFileSync(pricesFile, pricesText());
