/** FROM: tables, views, CTEs, subqueries, table functions and joins, as DuckDB relations with known columns. */
import { faults } from '../faults.ts';
import { duckTableName, echo, informationSchema, quote, resolveName } from '../names.ts';
import type { Alias, FromItem } from '../read/ast.ts';
import { check } from './expression.ts';
import { informationView } from './information-schema.ts';
import { predicate } from './predicate.ts';
import { renamed } from './query-columns.ts';
import type { Relation, Relational, Scope, ScopeColumn } from './scope.ts';
import { tableFunction } from './table-function.ts';

export interface From {
  readonly sql: string;
  readonly relations: readonly Relation[];
}

export function fromSql(item: FromItem, outer: Scope): From {
  const from = sourceSql(item, outer, []);
  const aliases = from.relations.flatMap((relation) => (relation.alias === null ? [] : [relation.alias]));
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (twice !== undefined) throw faults.duplicateAlias(twice);
  return from;
}

/** `before` are the relations to the left, which LATERAL functions may use. */
function sourceSql(item: FromItem, outer: Scope, before: readonly Relation[]): From {
  switch (item.kind) {
    case 'table':
      return tableSql(item, outer);
    case 'derived': {
      const inner = outer.compiler.query(item.query, outer);
      return related(`(${inner.sql})`, inner.columns, item.alias, before.length);
    }
    case 'function': {
      const scope: Scope = {
        ...outer,
        relations: before,
        outer,
        alias: () => null,
        groups: new Set(),
        noAggregates: 'from',
      };
      const inner = tableFunction(item.call, item.at, (expr) => check(expr, scope), outer.compiler);
      return related(`LATERAL (${inner.sql})`, inner.columns, item.alias, before.length);
    }
    case 'join':
      return joinSql(item, outer, before);
  }
}

/** A relation; without a name of its own it gets one that no statement writes, told apart by its place in FROM. */
function related(sql: string, columns: readonly ScopeColumn[], alias: Alias, number: number): From {
  const duck = quote(alias.name ?? `derived:${number}`);
  const named = renamed(columns, alias.columns);
  const names = alias.columns.length === 0 ? '' : `(${named.map((column) => column.duck).join(', ')})`;
  const relation: Relation = { alias: alias.name, object: null, duck, columns: named, merged: new Set() };
  return { sql: `${sql} AS ${duck}${names}`, relations: [relation] };
}

function tableSql(item: FromItem & { kind: 'table' }, outer: Scope): From {
  const { compiler, ctes } = outer;
  const [single] = item.name;
  const cte = item.name.length === 1 && single !== undefined ? ctes.get(single) : undefined;
  const alias: Alias = { ...item.alias, name: item.alias.name ?? item.name.at(-1) ?? null };
  if (cte !== undefined) return related(cte.sql, cte.columns, alias, 0);
  const name = resolveName(item.name, compiler.catalog, 'SELECT');
  if (name.schema === informationSchema) return viewOfSchema(name.database, name.name, item, alias, outer);
  const table = compiler.catalog.table(name);
  if (table === null) throw faults.noObject(echo(item.name));
  compiler.reads.push(name);
  const columns = table.columns.map((column) => ({ ...column, duck: quote(column.name) }));
  const from = related(duckTableName(name), columns, alias, 0);
  return { ...from, relations: from.relations.map((relation) => ({ ...relation, object: name })) };
}

function viewOfSchema(
  database: string,
  view: string,
  item: FromItem & { kind: 'table' },
  alias: Alias,
  outer: Scope,
): From {
  const found: Relational | null = informationView(database, view, outer.compiler.catalog);
  if (found === null) throw faults.noObject(echo(item.name));
  return related(`(${found.sql})`, found.columns, alias, 0);
}

function joinSql(item: FromItem & { kind: 'join' }, outer: Scope, before: readonly Relation[]): From {
  const left = sourceSql(item.left, outer, before);
  const right = sourceSql(item.right, outer, [...before, ...left.relations]);
  const lateral = item.right.kind === 'function';
  if (item.join !== 'CROSS' && item.on === null && item.using.length === 0 && !lateral && item.join !== 'INNER') {
    throw faults.unsupported(`${item.join} JOIN without ON`);
  }
  const { condition, merged } = joinCondition(item, outer, left, right, before);
  const relations = [...left.relations, ...right.relations.map((relation) => ({ ...relation, merged }))];
  const words =
    item.join === 'CROSS' || condition === null
      ? item.join === 'LEFT'
        ? 'LEFT JOIN'
        : 'CROSS JOIN'
      : `${item.join} JOIN`;
  const on = condition ?? (words === 'CROSS JOIN' ? null : 'TRUE');
  return { sql: `${left.sql} ${words} ${right.sql}${on === null ? '' : ` ON ${on}`}`, relations };
}

interface JoinCondition {
  readonly condition: string | null;
  readonly merged: ReadonlySet<string>;
}

function joinCondition(
  item: FromItem & { kind: 'join' },
  outer: Scope,
  left: From,
  right: From,
  before: readonly Relation[],
): JoinCondition {
  const relations = [...before, ...left.relations, ...right.relations];
  const scope: Scope = { ...outer, outer, relations, alias: () => null, noAggregates: 'on' };
  if (item.on !== null) return { condition: predicate(item.on, scope, check).sql, merged: new Set() };
  if (item.using.length === 0) return { condition: null, merged: new Set() };
  const equal = item.using.map((name) => `${columnIn(left, name)} = ${columnIn(right, name)}`);
  return { condition: equal.join(' AND '), merged: new Set(item.using) };
}

function columnIn({ relations }: From, name: string): string {
  for (const relation of relations) {
    const column = relation.columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return `${relation.duck}.${column.duck}`;
  }
  throw faults.invalidIdentifier({ line: 1, position: 0, offset: 0 }, name);
}
