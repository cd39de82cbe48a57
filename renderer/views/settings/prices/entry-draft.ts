/** One own price as a person types it: everything is text until it is checked against the contract's schema. Pure. */
import { PriceOverride } from '../../../../contract/prices.ts';
import { Unit, type Provider } from '../../../../contract/usage-record.ts';
import { formatExact } from '../../../format/numbers.ts';
import { units } from '../../../format/units.ts';

export const rateFields = [
  'inputPerMillionUsd',
  'outputPerMillionUsd',
  'cachedInputPerMillionUsd',
  'cacheWritePerMillionUsd',
  'audioInputPerMillionUsd',
  'imageInputPerMillionUsd',
  'videoInputPerMillionUsd',
  'audioOutputPerMillionUsd',
  'imageOutputPerMillionUsd',
] as const satisfies readonly (keyof PriceOverride)[];
export type RateField = (typeof rateFields)[number];
/** A text field of the form; a unit's own name stands for its price. */
export type EntryField = 'model' | RateField | Unit | 'from' | 'to';

export interface EntryDraft {
  readonly provider: Provider;
  readonly texts: Readonly<Partial<Record<EntryField, string>>>;
}

export function emptyDraft(provider: Provider, model: string): EntryDraft {
  return { provider, texts: { model } };
}

export function draftOf({ provider, unitsUsd = {}, ...fields }: PriceOverride): EntryDraft {
  const texts = Object.fromEntries(
    Object.entries({ ...fields, ...unitsUsd }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  return { provider, texts };
}

export interface CheckedEntry {
  readonly entry: PriceOverride | null; // null while there is a problem
  readonly problems: ReadonlyMap<EntryField, string>;
}

export function checkEntry({ provider, texts }: EntryDraft): CheckedEntry {
  const problems = new Map<EntryField, string>();
  const text = (field: EntryField): string => texts[field]?.trim() ?? '';
  const given = <F extends EntryField>(fields: readonly F[]): F[] => fields.filter((field) => text(field) !== '');
  const amounts = <F extends EntryField>(fields: readonly F[]): Record<string, number> =>
    Object.fromEntries(given(fields).map((field) => [field, usdOf(text(field))]));
  const dates = Object.fromEntries(given(['from', 'to']).map((field) => [field, text(field)]));
  const unitsUsd = amounts(units);
  const candidate = {
    provider,
    model: text('model'),
    ...amounts(rateFields),
    ...(Object.keys(unitsUsd).length === 0 ? {} : { unitsUsd }),
    ...dates,
  };
  const parsed = PriceOverride.safeParse(candidate);
  for (const { path } of parsed.error?.issues ?? []) {
    const field = fieldAt(path) ?? missingRate(text);
    if (!problems.has(field)) problems.set(field, words(field, path, text(field)));
  }
  return { entry: parsed.success ? parsed.data : null, problems };
}

/** "0.30" and "$0.30"; anything else is no number, which the schema refuses. */
function usdOf(text: string): number {
  const plain = text.replace(/^\$\s*/, '');
  return /^(\d+(\.\d*)?|\.\d+)(e-?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

const dateFields = ['model', 'from', 'to'] as const;

function fieldAt(path: readonly PropertyKey[]): EntryField | null {
  const last = path.at(-1);
  return [...dateFields, ...rateFields, ...units].find((field) => field === last) ?? null;
}

/** The rule over several fields (both rates, or units alone) speaks at the rate that is missing. */
function missingRate(text: (field: EntryField) => string): RateField {
  return text('inputPerMillionUsd') === '' ? 'inputPerMillionUsd' : 'outputPerMillionUsd';
}

function words(field: EntryField, path: readonly PropertyKey[], text: string): string {
  if (field === 'model') return text === '' ? 'Enter a model; * stands for any text' : 'Enter at most 200 characters';
  if (field === 'from' && !Number.isNaN(Date.parse(text)) && /^\d{4}-\d\d-\d\d/.test(text) && isWhole(text))
    return 'Must be before “To”';
  if (field === 'from' || field === 'to') return 'Enter a day like 2026-11-01, or a time like 2026-11-01T09:30:00Z';
  if (path.length === 0)
    return field === 'inputPerMillionUsd'
      ? 'Enter input and output, or the price of a unit below'
      : 'Input has a price, so output needs one too';
  const limit = Unit.safeParse(field).success ? 10_000 : 1_000_000;
  return `Enter US dollars as a number from 0 to ${formatExact(limit)}, like 0.30`;
}

/** A day, or a time with its offset: what the schema accepts on its own. */
function isWhole(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) || /(Z|[+-]\d\d:\d\d)$/.test(text);
}
