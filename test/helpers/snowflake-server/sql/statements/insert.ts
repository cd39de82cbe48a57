/** INSERT … VALUES and INSERT … SELECT. Every value is converted to its column's type by us, so that it fails as in Snowflake. */
import { assignable } from '../check/cast.ts';
import { check } from '../check/expression.ts';
import { checkQuery } from '../check/query.ts';
import { rootScope, type Compiler, type Relational } from '../check/scope.ts';
import { noMakeup, type Typed } from '../check/typed.ts';
import { faults } from '../faults.ts';
import { duckTableName, quote } from '../names.ts';
import type { Expr } from '../read/ast.ts';
import { objectName } from '../read/from.ts';
import { expression } from '../read/expression.ts';
import { query } from '../read/query.ts';
import type { Place } from '../read/token.ts';
import type { TokenReader } from '../read/token-reader.ts';
import type { ColumnShape, Compiled, TableShape } from '../statement.ts';
import { duckSql, readsOf, targetTable } from './context.ts';

export function insert(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('INSERT');
  if (reader.takeWord('OVERWRITE')) throw faults.unsupported('INSERT OVERWRITE');
  reader.expectWord('INTO');
  const table = targetTable(objectName(reader), compiler, 'INSERT');
  const at = reader.peek();
  const columns = insertColumns(columnList(reader), table, at);
  const source = reader.isWord('VALUES') ? rowsOf(reader, columns, compiler) : queryRows(reader, columns, compiler);
  reader.expectEnd();
  const names = columns.map((column) => quote(column.name)).join(', ');
  const duck = duckSql(`INSERT INTO ${duckTableName(table.name)} (${names}) ${source}`, compiler);
  return { kind: 'insert', duck, target: table.name, reads: readsOf(compiler) };
}

/** `(a, b)`, where it is no query in parentheses. */
function columnList(reader: TokenReader): readonly string[] | null {
  if (!reader.isSymbol('(') || !reader.isIdentifier(1)) return null;
  return reader.inParentheses(() => reader.list(() => reader.identifier()));
}

export function insertColumns(names: readonly string[] | null, table: TableShape, at: Place): readonly ColumnShape[] {
  if (names === null) return table.columns;
  return names.map((name, index) => {
    if (names.indexOf(name) !== index) throw faults.columnExists(name);
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw faults.invalidIdentifier(at, name);
    return column;
  });
}

function rowsOf(reader: TokenReader, columns: readonly ColumnShape[], compiler: Compiler): string {
  reader.expectWord('VALUES');
  const rows = reader.list(() => reader.inParentheses(() => reader.list(() => valueOrDefault(reader))));
  return `VALUES ${rows.map((row) => `(${rowSql(row, columns, compiler)})`).join(', ')}`;
}

const valueOrDefault = (reader: TokenReader) => (reader.takeWord('DEFAULT') ? null : expression(reader));

/** @throws SqlError 002020 for a row of another width, 002014 for what VALUES does not take */
export function rowSql(row: readonly (Expr | null)[], columns: readonly ColumnShape[], compiler: Compiler): string {
  if (row.length !== columns.length) throw faults.valueCount(columns.length, row.length);
  const cells = columns.map((column, index) => {
    const expr = row[index];
    return expr === null || expr === undefined
      ? 'DEFAULT'
      : assignable(constantValue(expr, compiler), column, compiler);
  });
  return cells.join(', ');
}

const notInValues = new Set(['PARSE_JSON', 'TRY_PARSE_JSON', 'TO_VARIANT', 'OBJECT_CONSTRUCT', 'ARRAY_CONSTRUCT']);

/** VALUES takes constants, binds and simple functions of them; what makes a VARIANT needs INSERT … SELECT. */
function constantValue(expr: Expr, compiler: Compiler): Typed {
  if (expr.kind === 'subquery' || (expr.kind === 'call' && notInValues.has(expr.call.name))) {
    throw faults.expressionInValues(expr.source.toUpperCase());
  }
  return check(expr, { ...rootScope(compiler), noAggregates: 'values' });
}

function queryRows(reader: TokenReader, columns: readonly ColumnShape[], compiler: Compiler): string {
  const at = reader.peek();
  const rows = checkQuery(query(reader), rootScope(compiler));
  if (rows.columns.length !== columns.length) throw faults.valueCount(columns.length, rows.columns.length);
  return `SELECT ${assigned(rows, columns, at, compiler).join(', ')} FROM (${rows.sql}) AS "source"`;
}

function assigned(rows: Relational, columns: readonly ColumnShape[], at: Place, compiler: Compiler): readonly string[] {
  return rows.columns.map(({ duck, type, nullable, name }, index) => {
    const value: Typed = { ...noMakeup, sql: `"source".${duck}`, type, nullable, text: name, at };
    return assignable(value, columns[index] ?? { name, type }, compiler);
  });
}
