/** WHERE of every question: the range and the filter. Values of a field are alternatives, fields add up. */
import type { Filter } from '../../contract/analytics.ts';
import type { Dialect } from '../warehouse/dialect.ts';
import type { ResolvedRange } from './range.ts';
import { join, list, raw, sql, type Sql } from './sql.ts';

const filterColumns = {
  upstream: 'upstream',
  provider: 'provider',
  model: 'model',
  endpoint: 'endpoint',
  surface: 'surface',
  outcome: 'outcome',
  user: 'user_id',
  session: 'session_id',
  key: 'key_id',
} as const satisfies Record<Exclude<keyof Filter, 'tags'>, string>;

type FilterField = keyof typeof filterColumns;
const filterFields = Object.keys(filterColumns).filter((name): name is FilterField => name in filterColumns);

/** Text of one tag; null where a call does not have it. */
export function tagText(dialect: Dialect, name: string): Sql {
  return { text: dialect.jsonText('tags', '?'), binds: [name] };
}

/** The condition (without the word WHERE). A field with an empty list matches nothing. */
export function condition(range: Pick<ResolvedRange, 'fromMs' | 'toMs'>, filter: Filter, dialect: Dialect): Sql {
  const columns = filterFields.flatMap((field) => within(raw(filterColumns[field]), filter[field]));
  const tags = Object.entries(filter.tags ?? {}).flatMap(([name, values]) => within(tagText(dialect, name), values));
  return join([sql`started_ms >= ${range.fromMs}`, sql`started_ms < ${range.toMs}`, ...columns, ...tags], ' AND ');
}

function within(expression: Sql, values: readonly string[] | undefined): Sql[] {
  if (values === undefined) return [];
  return values.length === 0 ? [raw('1 = 0')] : [sql`${expression} IN ${list(values)}`];
}
