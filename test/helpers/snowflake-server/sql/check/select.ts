/**
 * One SELECT. A bare name is a column first and an alias of the list second; in ORDER BY it is the other way round, as Snowflake documents.
 * Aliases are written out again where they are used; GROUP BY and ORDER BY name the place in the list instead, so that an expression with
 * binds is one expression for DuckDB.
 */
import { faults } from '../faults.ts';
import type { Expr, OrderItem, Select, SelectItem } from '../read/ast.ts';
import { varchar } from '../types.ts';
import { cast } from './cast.ts';
import { check } from './expression.ts';
import { fromSql } from './from.ts';
import { grouping, type Grouping } from './grouping.ts';
import { direction } from './ordering.ts';
import { predicate } from './predicate.ts';
import { distinctNames, relationsOf, type Relational, type Scope } from './scope.ts';
import { settled, type Typed } from './typed.ts';

/** One column of the result. */
export interface Output {
  readonly name: string;
  /** The expression, where an alias can mean it. */
  readonly alias: string | null;
  readonly value: Typed;
}

export function selectSql(select: Select, order: readonly OrderItem[], outer: Scope): Relational {
  const from = select.from === null ? null : fromSql(select.from, outer);
  const scope = ownScope(select, outer, from?.relations ?? []);
  const where = select.where === null ? null : predicate(select.where, { ...scope, noAggregates: 'where' }, check);
  const groups = grouping(select, (items) => outputs(items, scope), scope);
  const inGroups: Scope = { ...scope, groups: groups.keys };
  const list = outputs(select.items, inGroups);
  const having = select.having === null ? null : predicate(select.having, inGroups, check);
  const qualify = qualifySql(select, inGroups, list);
  const sorted = order.map((item) => orderKey(item, list, inGroups));
  checkGroups(groups, [
    ...list.map((output) => output.value),
    ...present(having),
    ...present(qualify),
    ...sorted.map((key) => key.value),
  ]);
  const names = distinctNames(list.map((output) => output.name));
  const columns = list.map(({ name, value }, index) => ({
    name,
    duck: names[index] ?? '',
    type: settled(value.type),
    nullable: value.nullable,
  }));
  const items = list.map(({ value }, index) => `${resultSql(value, scope)} AS ${names[index]}`);
  const parts = [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${items.join(', ')}`,
    from === null ? '' : `FROM ${from.sql}`,
    where === null ? '' : `WHERE ${where.sql}`,
    groups.sql,
    having === null ? '' : `HAVING ${having.sql}`,
    qualify === null ? '' : `QUALIFY ${qualify.sql}`,
    sorted.length === 0 ? '' : `ORDER BY ${sorted.map((key) => key.sql).join(', ')}`,
    topSql(select.top),
  ];
  return { sql: parts.filter((part) => part !== '').join(' '), columns };
}

const present = <T>(value: T | null): readonly T[] => (value === null ? [] : [value]);

/** A value without a type is text in the result. */
function resultSql(value: Typed, scope: Scope): string {
  return value.type.kind === 'null' || value.type.kind === 'bind'
    ? cast(value, varchar, scope.compiler).sql
    : value.sql;
}

function topSql(top: Expr | null): string {
  if (top === null) return '';
  if (top.kind !== 'number' || !/^\d+$/.test(top.text)) throw faults.syntax(top.at, top.source);
  return `LIMIT ${top.text}`;
}

/** The scope of the list and of every clause; an alias that leads back to itself is no identifier. */
function ownScope(select: Select, outer: Scope, relations: Scope['relations']): Scope {
  const named = new Map(
    select.items.flatMap((item) =>
      item.kind === 'value' && item.alias !== null ? [[item.alias, item.value] as const] : [],
    ),
  );
  const open = new Set<string>();
  return {
    compiler: outer.compiler,
    ctes: outer.ctes,
    relations,
    outer,
    groups: new Set(),
    noAggregates: null,
    alias: (name, scope) => {
      const value = named.get(name);
      if (value === undefined || open.has(name)) return null;
      open.add(name);
      try {
        return check(value, scope);
      } finally {
        open.delete(name);
      }
    },
  };
}

function outputs(items: readonly SelectItem[], scope: Scope): readonly Output[] {
  return items.flatMap((item) => (item.kind === 'star' ? starOutputs(item, scope) : [valueOutput(item, scope)]));
}

function valueOutput(item: SelectItem & { kind: 'value' }, scope: Scope): Output {
  const value = check(item.value, scope);
  const plain = item.value.kind === 'name' ? item.value.parts.at(-1) : undefined;
  return { name: item.alias ?? plain ?? item.value.source.toUpperCase(), alias: item.alias ?? plain ?? null, value };
}

function starOutputs(item: SelectItem & { kind: 'star' }, scope: Scope): readonly Output[] {
  const relations = relationsOf(scope, item.qualifier);
  if (relations.length === 0) throw faults.invalidIdentifier(item.at, [...item.qualifier, '*'].join('.'));
  return relations.flatMap((relation) =>
    relation.columns
      .filter((column) => !item.except.includes(column.name))
      .filter((column) => item.qualifier.length > 0 || !relation.merged.has(column.name))
      .map((column) => {
        const sql = `${relation.duck}.${column.duck}`;
        const text = relation.alias === null ? column.name : `${relation.alias}.${column.name}`;
        const loose = scope.groups.has(sql) ? [] : [text];
        const value = {
          sql,
          type: column.type,
          nullable: column.nullable,
          text,
          at: item.at,
          loose,
          aggregates: [],
          windows: [],
        };
        return { name: column.name, alias: null, value };
      }),
  );
}

function qualifySql(select: Select, scope: Scope, list: readonly Output[]): Typed | null {
  if (select.qualify === null) return null;
  const value = predicate(select.qualify, scope, check);
  if (value.windows.length === 0 && list.every((output) => output.value.windows.length === 0))
    throw faults.qualifyWithoutWindow();
  return value;
}

interface OrderKey {
  readonly sql: string;
  readonly value: Typed;
}

/** A place, an alias, or any expression of the SELECT. */
function orderKey(item: OrderItem, list: readonly Output[], scope: Scope): OrderKey {
  const index = placeInList(item.value, list);
  const value = index === null ? check(item.value, scope) : list[index]?.value;
  if (value === undefined) throw faults.orderOutOfRange((index ?? 0) + 1);
  return { sql: `${index === null ? value.sql : index + 1}${direction(item)}`, value };
}

function placeInList(expr: Expr, list: readonly Output[]): number | null {
  if (expr.kind === 'number' && /^\d+$/.test(expr.text)) return Number(expr.text) - 1;
  const [name] = expr.kind === 'name' && expr.parts.length === 1 ? expr.parts : [];
  if (name === undefined) return null;
  const index = list.findIndex((output) => output.alias === name);
  return index < 0 ? null : index;
}

/** @throws SqlError 000979 for a column that is neither grouped by nor inside an aggregate */
function checkGroups(groups: Grouping, values: readonly Typed[]): void {
  if (!groups.present && values.every((value) => value.aggregates.length === 0)) return;
  for (const value of values) {
    const [loose] = value.loose;
    if (loose !== undefined) throw faults.notGrouped(loose);
  }
}
