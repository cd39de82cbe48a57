/** What the Requests screen looks for: a search text and values of fields, as chips a person adds and takes away. Pure. */
import { Filter, type QuestionInput, type RangeInput } from '../../contract/analytics.ts';
import { Outcome, Provider, Surface } from '../../contract/usage-record.ts';
import { outcomeLook, providerLabel } from '../format/outcome.ts';

export interface RequestFilter {
  readonly search: string;
  readonly filter: Filter;
}

export const noRequestFilter: RequestFilter = { search: '', filter: {} };

const columnFields = [
  'provider',
  'model',
  'upstream',
  'endpoint',
  'surface',
  'outcome',
  'user',
  'session',
  'key',
] as const satisfies readonly (keyof Filter)[];
export const filterFields = [...columnFields, 'tag'] as const;
export type FilterField = (typeof filterFields)[number];

/** The value of a tag is `NAME=value`. */
export interface FilterChip {
  readonly field: FilterField;
  readonly value: string;
}

export const fieldLabels: Readonly<Record<FilterField, string>> = {
  provider: 'Provider',
  model: 'Model',
  upstream: 'Upstream',
  endpoint: 'Endpoint',
  surface: 'Surface',
  outcome: 'Outcome',
  user: 'User',
  session: 'Session',
  key: 'Key',
  tag: 'Tag',
};

export function isFilteringRequests({ search, filter }: RequestFilter): boolean {
  return search.trim() !== '' || chipsOf(filter).length > 0;
}

export function chipsOf(filter: Filter): readonly FilterChip[] {
  const columns = columnFields.flatMap((field) => (filter[field] ?? []).map((value) => ({ field, value })));
  const tags = Object.entries(filter.tags ?? {}).flatMap(([name, values]) =>
    values.map((value) => ({ field: 'tag' as const, value: `${name}=${value}` })),
  );
  return [...columns, ...tags];
}

export function withChip(filter: Filter, chip: FilterChip): Filter {
  return filterOf([...withoutTwin(chipsOf(filter), chip), chip]);
}

export function withoutChip(filter: Filter, chip: FilterChip): Filter {
  return filterOf(withoutTwin(chipsOf(filter), chip));
}

function withoutTwin(chips: readonly FilterChip[], { field, value }: FilterChip): readonly FilterChip[] {
  return chips.filter((chip) => chip.field !== field || chip.value !== value);
}

function filterOf(chips: readonly FilterChip[]): Filter {
  const byField = Object.groupBy(chips, ({ field }) => field);
  const { tag: tags = [], ...columns } = byField;
  const fields = Object.entries(columns).map(([field, list]) => [field, list.map(({ value }) => value)]);
  return Filter.parse({ ...Object.fromEntries(fields), ...(tags.length === 0 ? {} : { tags: tagsOf(tags) }) });
}

/** Names come from people, so they are entries of a map before they are fields of an object. */
function tagsOf(chips: readonly FilterChip[]): Record<string, string[]> {
  const parts = chips.map(({ value }) => ({ name: value.split('=', 1)[0] ?? '', value }));
  const byName = Map.groupBy(parts, ({ name }) => name);
  return Object.fromEntries(
    [...byName].map(([name, list]) => [name, list.map(({ value }) => value.slice(name.length + 1))]),
  );
}

const closed = { provider: Provider.options, surface: Surface.options, outcome: Outcome.options } as const;

function acceptedValues(field: FilterField): readonly string[] | null {
  return field === 'provider' || field === 'surface' || field === 'outcome' ? closed[field] : null;
}

/** Why a typed value cannot be a filter, and what is accepted; null when it can. */
export function chipProblem({ field, value }: FilterChip): string | null {
  if (value.trim() === '') return 'Type a value.';
  const accepted = acceptedValues(field);
  if (accepted !== null && !accepted.includes(value)) return `Not one of: ${accepted.join(', ')}.`;
  if (field === 'tag' && !/^[^=]+=./.test(value)) return 'A tag is written NAME=value, for example team=search.';
  return null;
}

/** A value as people read it: outcomes and providers by their words. */
export function chipWords({ field, value }: FilterChip): string {
  const outcome = field === 'outcome' ? Outcome.safeParse(value).data : undefined;
  if (outcome !== undefined) return outcomeLook(outcome).label;
  const provider = field === 'provider' ? Provider.safeParse(value).data : undefined;
  return provider === undefined ? value : providerLabel(provider);
}

/** The question without its page: the same words for the list and for its export. */
export function callsQuery(range: RangeInput, { search, filter }: RequestFilter): QuestionInput<'calls'> {
  const text = search.trim();
  return { ...range, filter, ...(text === '' ? {} : { search: text }) };
}
