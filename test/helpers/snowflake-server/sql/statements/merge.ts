/**
 * MERGE. Not told apart here: a target row that several source rows match is an error in Snowflake (100090), and one of them wins in DuckDB.
 */
import { assignable } from '../check/cast.ts';
import { check } from '../check/expression.ts';
import { fromSql } from '../check/from.ts';
import { predicate } from '../check/predicate.ts';
import { rootScope, type Compiler, type Scope } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { quote } from '../names.ts';
import { expression } from '../read/expression.ts';
import { fromClause, objectName } from '../read/from.ts';
import type { TokenReader } from '../read/token-reader.ts';
import type { Compiled } from '../statement.ts';
import { assignmentSql, assignments, scopeOf, target, type Target } from './change.ts';
import { duckSql, readsOf } from './context.ts';
import { insertColumns } from './insert.ts';

export function merge(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('MERGE', 'INTO');
  const to = target(objectName(reader), reader.alias(), compiler, 'MERGE');
  reader.expectWord('USING');
  const source = fromSql(fromClause(reader), rootScope(compiler));
  const both = scopeOf(compiler, [to.relation, ...source.relations], 'merge');
  const sourceOnly = scopeOf(compiler, source.relations, 'merge');
  reader.expectWord('ON');
  const on = predicate(expression(reader), both, check).sql;
  const clauses: string[] = [];
  while (reader.takeWord('WHEN')) clauses.push(clause(reader, to, both, sourceOnly));
  if (clauses.length === 0) throw reader.unexpected();
  reader.expectEnd();
  const sql = `MERGE INTO ${to.sql} USING ${source.sql} ON (${on}) ${clauses.join(' ')}`;
  return { kind: 'merge', duck: duckSql(sql, compiler), target: to.table.name, reads: readsOf(compiler) };
}

function clause(reader: TokenReader, to: Target, both: Scope, sourceOnly: Scope): string {
  const matched = !reader.takeWord('NOT');
  reader.expectWord('MATCHED');
  const scope = matched ? both : sourceOnly;
  const and = reader.takeWord('AND') ? ` AND (${predicate(expression(reader), scope, check).sql})` : '';
  reader.expectWord('THEN');
  const head = `WHEN ${matched ? '' : 'NOT '}MATCHED${and} THEN`;
  if (!matched) return `${head} ${insertSql(reader, to, sourceOnly)}`;
  if (reader.takeWord('DELETE')) return `${head} DELETE`;
  reader.expectWord('UPDATE', 'SET');
  return `${head} UPDATE SET ${assignmentSql(assignments(reader), to, both)}`;
}

function insertSql(reader: TokenReader, to: Target, scope: Scope): string {
  reader.expectWord('INSERT');
  const at = reader.peek();
  const names = reader.isSymbol('(') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : null;
  const columns = insertColumns(names, to.table, at);
  reader.expectWord('VALUES');
  const values = reader.inParentheses(() => reader.list(() => expression(reader)));
  if (values.length !== columns.length) throw faults.valueCount(columns.length, values.length);
  const cells = columns.map((column, index) => {
    const value = values[index];
    return value === undefined ? 'DEFAULT' : assignable(check(value, scope), column, scope.compiler);
  });
  return `INSERT (${columns.map((column) => quote(column.name)).join(', ')}) VALUES (${cells.join(', ')})`;
}
