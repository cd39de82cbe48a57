/** Groups of the usage question: the heaviest ones by name, the rest as one. */
import { otherGroup, unattributedGroup, type GroupBy, type groupings } from '../../contract/analytics.ts';
import type { Dialect } from '../warehouse/dialect.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { tagText } from './filter.ts';
import { byWeight, facts, measures } from './measures.ts';
import { ask, type AskContext } from './question.ts';
import { text } from './row.ts';
import { join, raw, sql, type Sql } from './sql.ts';

type Grouping = (typeof groupings)[number];
const groupColumns: Record<Grouping, string> = {
  model: 'model',
  provider: 'provider',
  upstream: 'upstream',
  endpoint: 'endpoint',
  surface: 'surface',
  outcome: 'outcome',
  user: 'user_id',
  session: 'session_id',
  key: 'key_id',
};

const isGrouping = (name: string): name is Grouping => Object.hasOwn(groupColumns, name);

export interface GroupPlan {
  /** Heaviest first, `other` last where there is a rest. A value that is itself called `other` is part of the rest. */
  readonly groups: readonly string[];
  /** Index into `groups` of a row: whole numbers group twice as fast as names. */
  readonly indexSql: Sql;
}

function valueSql(groupBy: GroupBy, dialect: Dialect): Sql {
  const value = isGrouping(groupBy) ? raw(groupColumns[groupBy]) : tagText(dialect, groupBy.slice('tag.'.length));
  return sql`COALESCE(${value}, ${unattributedGroup})`;
}

export async function planGroups(
  warehouse: Warehouse,
  { where, groupBy, limit }: { where: Sql; groupBy: GroupBy; limit: number },
  context: AskContext,
): Promise<GroupPlan> {
  const value = valueSql(groupBy, warehouse.dialect);
  const rows = await ask(
    warehouse,
    sql`SELECT ${value} AS group_name, ${measures('calls', 'cost_usd_sum')} FROM ${facts} WHERE ${where}
        GROUP BY group_name ORDER BY ${byWeight}, group_name LIMIT ${raw(limit + 1)}`,
    context,
  );
  const heaviest = rows.slice(0, limit).map((row) => text(row, 'group_name'));
  const named = heaviest.filter((name) => name !== otherGroup);
  const hasRest = rows.length > limit || named.length < heaviest.length;
  return { groups: hasRest ? [...named, otherGroup] : named, indexSql: indexOf(value, named) };
}

function indexOf(value: Sql, named: readonly string[]): Sql {
  if (named.length === 0) return raw(0);
  const branches = named.map((name, index) => sql`WHEN ${name} THEN ${raw(index)}`);
  return sql`CASE ${value} ${join(branches, ' ')} ELSE ${raw(named.length)} END`;
}
