/** Queries: WITH, set operators, ORDER BY and LIMIT around SELECT and VALUES. */
import { faults } from '../faults.ts';
import { quote } from '../names.ts';
import type { Expr, OrderItem, Query, QueryBody } from '../read/ast.ts';
import { duckType } from '../types.ts';
import { check } from './expression.ts';
import { common, commonColumn } from './meeting.ts';
import { direction } from './ordering.ts';
import { renamed } from './query-columns.ts';
import { rootScope, type Compiler, type Relational, type Scope, type ScopeColumn } from './scope.ts';
import { selectSql } from './select.ts';
import { bindMark } from './typed.ts';

/** `outer` is the scope of the expression or FROM item that holds the query. */
export function checkQuery(query: Query, outer: Scope): Relational {
  const ctes = new Map(outer.ctes);
  const withs = query.ctes.map((cte) => {
    const found = checkQuery(cte.query, { ...rootScope(outer.compiler), ctes });
    const columns = renamed(found.columns, cte.columns);
    ctes.set(cte.name, { sql: quote(cte.name), columns });
    return `${quote(cte.name)}(${columns.map((column) => column.duck).join(', ')}) AS (${found.sql})`;
  });
  const scope: Scope = { ...outer, ctes };
  const tail = limits(query, outer.compiler);
  const inner = bodySql(query.body, query.order, scope);
  const prefix = withs.length === 0 ? '' : `WITH ${withs.join(', ')} `;
  return { sql: `${prefix}${inner.sql}${tail}`, columns: inner.columns };
}

/** LIMIT and OFFSET take whole-number constants, and binds. */
function limits({ limit, offset }: Query, compiler: Compiler): string {
  const value = (expr: Expr) => {
    if (expr.kind === 'number' && /^\d+$/.test(expr.text)) return expr.text;
    if (expr.kind === 'null') return null;
    const bind =
      expr.kind === 'bind'
        ? expr.index
        : expr.kind === 'variable'
          ? compiler.binds.variable(expr.name)?.index
          : undefined;
    if (bind === undefined) throw faults.syntax(expr.at, expr.source);
    if (expr.kind === 'bind' && bind >= compiler.binds.count) throw faults.bindNotSet(expr.at);
    return `CAST(${bindMark(bind)} AS BIGINT)`;
  };
  const part = (word: string, expr: Expr | null) => {
    const count = expr === null ? null : value(expr);
    return count === null ? '' : ` ${word} ${count}`;
  };
  return part('LIMIT', limit) + part('OFFSET', offset);
}

function bodySql(body: QueryBody, order: readonly OrderItem[], scope: Scope): Relational {
  if (body.kind === 'select') return selectSql(body, order, scope);
  return ordered(unordered(body, scope), order, scope);
}

function unordered(body: QueryBody, scope: Scope): Relational {
  switch (body.kind) {
    case 'select':
      return selectSql(body, [], scope);
    case 'nested':
      return checkQuery(body.query, scope);
    case 'values':
      return valuesSql(body.rows, scope);
    case 'set':
      return setSql(body, scope);
  }
}

/** ORDER BY of what is no SELECT sees the output columns only. */
function ordered(inner: Relational, order: readonly OrderItem[], scope: Scope): Relational {
  if (order.length === 0) return inner;
  const duck = '"ordered"';
  const relation = { alias: null, object: null, duck, columns: inner.columns, merged: new Set<string>() };
  const own: Scope = { ...rootScope(scope.compiler), relations: [relation] };
  const keys = order.map((item) => {
    const position = positionOf(item.value);
    if (position === null) return `${check(item.value, own).sql}${direction(item)}`;
    if (position < 1 || position > inner.columns.length) throw faults.orderOutOfRange(position);
    return `${position}${direction(item)}`;
  });
  const columns = inner.columns.map((column) => `${duck}.${column.duck}`).join(', ');
  return {
    sql: `SELECT ${columns} FROM (${inner.sql}) AS ${duck} ORDER BY ${keys.join(', ')}`,
    columns: inner.columns,
  };
}

/** `ORDER BY 2`, `GROUP BY 2` */
export function positionOf(expr: Expr): number | null {
  return expr.kind === 'number' && /^\d+$/.test(expr.text) ? Number(expr.text) : null;
}

function setSql(body: QueryBody & { kind: 'set' }, scope: Scope): Relational {
  const [left, right] = [unordered(body.left, scope), unordered(body.right, scope)];
  if (left.columns.length !== right.columns.length) throw faults.setWidths();
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index] ?? column;
    return { ...column, type: commonColumn(column.type, other.type), nullable: column.nullable || other.nullable };
  });
  const side = (relational: Relational) => converted(relational, columns);
  return { sql: `(${side(left)}) ${body.operator} (${side(right)})`, columns };
}

/** The same rows, each column as its type in the result; what needs no conversion is left alone. */
function converted({ sql, columns }: Relational, wanted: readonly ScopeColumn[]): string {
  const casts = columns.map(({ duck, type }, index) => {
    const target = wanted[index] ?? { duck, type };
    const value =
      duckType(type) === duckType(target.type) ? `"side".${duck}` : `CAST("side".${duck} AS ${duckType(target.type)})`;
    return `${value} AS ${target.duck}`;
  });
  return `SELECT ${casts.join(', ')} FROM (${sql}) AS "side"`;
}

function valuesSql(rows: readonly (readonly Expr[])[], scope: Scope): Relational {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw faults.setWidths();
  const checked = rows.map((row) => row.map((expr) => check(expr, { ...scope, noAggregates: 'values' })));
  const met = Array.from({ length: width }, (_, index) =>
    common(
      checked.flatMap((row) => row[index] ?? []),
      scope.compiler,
    ),
  );
  const columns = met.map(({ type }, index) => ({
    name: `COLUMN${index + 1}`,
    duck: quote(`COLUMN${index + 1}`),
    type,
    nullable: checked.some((row) => row[index]?.nullable ?? true),
  }));
  const lines = rows.map((_, row) => `(${met.map(({ values }) => values[row]?.sql).join(', ')})`);
  const names = columns.map((column) => column.duck).join(', ');
  return { sql: `SELECT ${names} FROM (VALUES ${lines.join(', ')}) AS "rows"(${names})`, columns };
}
