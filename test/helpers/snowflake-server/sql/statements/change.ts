/** UPDATE, DELETE, TRUNCATE. */
import { assignable } from '../check/cast.ts';
import { check } from '../check/expression.ts';
import { fromSql, type From } from '../check/from.ts';
import { predicate } from '../check/predicate.ts';
import { rootScope, type Compiler, type Relation, type Scope } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { duckTableName, quote } from '../names.ts';
import type { Expr, Name } from '../read/ast.ts';
import { expression } from '../read/expression.ts';
import { fromClause, objectName } from '../read/from.ts';
import type { Place } from '../read/token.ts';
import type { TokenReader } from '../read/token-reader.ts';
import type { Compiled, TableShape, UpdateInTwo } from '../statement.ts';
import { duckSql, readsOf, targetTable } from './context.ts';

export interface Target {
  readonly table: TableShape;
  readonly relation: Relation;
  /** `"DB.S"."T" AS "T"` */
  readonly sql: string;
}

/** The table to change, under its alias or its own name. */
export function target(name: Name, alias: string | null, compiler: Compiler, verb: string): Target {
  const table = targetTable(name, compiler, verb);
  const known = alias ?? table.name.name;
  const columns = table.columns.map((column) => ({ ...column, duck: quote(column.name) }));
  const relation: Relation = { alias: known, object: table.name, duck: quote(known), columns, merged: new Set() };
  return { table, relation, sql: `${duckTableName(table.name)} AS ${quote(known)}` };
}

export const scopeOf = (compiler: Compiler, relations: readonly Relation[], clause: string): Scope => ({
  ...rootScope(compiler),
  relations,
  noAggregates: clause,
});

export interface Assignment {
  readonly name: Name;
  readonly value: Expr;
  readonly at: Place;
}

export function assignments(reader: TokenReader): readonly Assignment[] {
  return reader.list(() => {
    const at = reader.peek();
    const name = objectName(reader);
    reader.expectSymbol('=');
    return { name, value: expression(reader), at };
  });
}

/** `"A" = …` for each. @throws SqlError 000904, 002023 */
export function assignmentSql(list: readonly Assignment[], to: Target, scope: Scope): string {
  const parts = list.map(({ name, value, at }) => {
    const [column, table] = name.toReversed();
    const found = to.table.columns.find((candidate) => candidate.name === column);
    if (found === undefined || (table !== undefined && table !== to.relation.alias))
      throw faults.invalidIdentifier(at, name.join('.'));
    return `${quote(found.name)} = ${assignable(check(value, scope), found, scope.compiler)}`;
  });
  return parts.join(', ');
}

function others(reader: TokenReader, word: string, compiler: Compiler): From | null {
  return reader.takeWord(word) ? fromSql(fromClause(reader), rootScope(compiler)) : null;
}

function whereSql(reader: TokenReader, scope: Scope): string {
  if (!reader.takeWord('WHERE')) return '';
  return ` WHERE ${predicate(expression(reader), { ...scope, noAggregates: 'where' }, check).sql}`;
}

export function update(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('UPDATE');
  const to = target(objectName(reader), reader.alias(), compiler, 'UPDATE');
  reader.expectWord('SET');
  const list = assignments(reader);
  const from = others(reader, 'FROM', compiler);
  const scope = scopeOf(compiler, [to.relation, ...(from?.relations ?? [])], 'set');
  const set = assignmentSql(list, to, scope);
  const where = whereSql(reader, scope);
  reader.expectEnd();
  const sql = `UPDATE ${to.sql} SET ${set}${from === null ? '' : ` FROM ${from.sql}`}${where}`;
  const inTwo = from === null ? updateInTwo(to, list, set, where, compiler) : null;
  return { kind: 'update', duck: duckSql(sql, compiler), target: to.table.name, reads: readsOf(compiler), inTwo };
}

function updateInTwo(
  to: Target,
  list: readonly Assignment[],
  set: string,
  where: string,
  compiler: Compiler,
): UpdateInTwo | null {
  const assigned = new Set(list.map(({ name }) => name.at(-1)));
  const kept = to.relation.columns.filter(({ name }) => !assigned.has(name));
  if (kept.length === 0) return null;
  const key = `to_json([${kept.map(({ duck }) => `${to.relation.duck}.${duck}::VARCHAR`).join(', ')}])::VARCHAR`;
  return {
    keys: duckSql(`SELECT ${key} FROM ${to.sql}${where}`, compiler),
    change: (keys) => {
      const texts = keys.map((text) => `'${text.replaceAll("'", "''")}'`);
      const some = texts.length === 0 ? 'FALSE' : `${key} IN (${texts.join(', ')})`;
      return duckSql(`UPDATE ${to.sql} SET ${set} WHERE ${some}`, compiler);
    },
  };
}

export function remove(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('DELETE', 'FROM');
  const to = target(objectName(reader), reader.alias(), compiler, 'DELETE');
  const using = others(reader, 'USING', compiler);
  const scope = scopeOf(compiler, [to.relation, ...(using?.relations ?? [])], 'where');
  const where = whereSql(reader, scope);
  reader.expectEnd();
  const sql = `DELETE FROM ${to.sql}${using === null ? '' : ` USING ${using.sql}`}${where}`;
  return { kind: 'delete', duck: duckSql(sql, compiler), target: to.table.name, reads: readsOf(compiler) };
}

export function truncate(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('TRUNCATE');
  reader.takeWord('TABLE');
  const table = targetTable(objectName(reader), compiler, 'TRUNCATE');
  reader.expectEnd();
  return {
    kind: 'delete',
    duck: duckSql(`DELETE FROM ${duckTableName(table.name)}`, compiler),
    target: table.name,
    reads: [],
  };
}
