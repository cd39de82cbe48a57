/** Expressions: names resolved, types checked, DuckDB SQL written. */
import { faults } from '../faults.ts';
import type { Expr } from '../read/ast.ts';
import { booleanType, numberType, typeText, variantType } from '../types.ts';
import { arithmetic } from './arithmetic.ts';
import { callValue } from './call.ts';
import { cast, coerce } from './cast.ts';
import { caseValue, isTest, like, test } from './conditions.ts';
import { bindValue, numberValue, stringValue, variableValue } from './constants.ts';
import { made } from './made.ts';
import { common } from './meeting.ts';
import { comparison, concatenation } from './operators.ts';
import { pathValue } from './path.ts';
import { predicate } from './predicate.ts';
import { resolve, type Scope, type ScopeColumn } from './scope.ts';
import { noMakeup, typeEcho, type Typed } from './typed.ts';

/** Checks one expression; what is grouped by counts as such from here on. */
export function check(expr: Expr, scope: Scope): Typed {
  const value = { ...shapeOf(expr, scope), at: expr.at };
  return scope.groups.has(value.sql) ? { ...value, loose: [] } : value;
}

function shapeOf(expr: Expr, scope: Scope): Typed {
  switch (expr.kind) {
    case 'null':
      return made(expr, { sql: 'NULL', type: { kind: 'null' }, nullable: true });
    case 'boolean':
      return made(expr, { sql: expr.value ? 'TRUE' : 'FALSE', type: booleanType, nullable: false });
    case 'number':
      return numberValue(expr, expr.text);
    case 'string':
      return stringValue(expr, expr.value);
    case 'bind':
      return bindValue(expr, expr.index, scope);
    case 'variable':
      return variableValue(expr, expr.name, scope);
    case 'name':
      return resolve(scope, expr.parts, expr.at);
    case 'call':
      return callValue(expr, expr.call, scope, check);
    case 'cast':
      return castValue(expr, scope);
    case 'path':
      return pathValue(check(expr.operand, scope), expr.steps, (step) => check(step, scope), expr.source);
    case 'array':
      return arrayValue(expr, expr.items, scope);
    case 'exists':
    case 'subquery':
    case 'inQuery':
      return queryValue(expr, scope);
    default:
      return operation(expr, scope);
  }
}

type Operation = Exclude<
  Expr,
  {
    kind:
      | 'null'
      | 'boolean'
      | 'number'
      | 'string'
      | 'bind'
      | 'variable'
      | 'name'
      | 'call'
      | 'cast'
      | 'path'
      | 'array'
      | 'exists'
      | 'subquery'
      | 'inQuery';
  }
>;

function operation(expr: Operation, scope: Scope): Typed {
  const of = (inner: Expr) => check(inner, scope);
  switch (expr.kind) {
    case 'minus':
      return negative(expr, of(expr.operand), scope);
    case 'not': {
      const inner = predicate(expr.operand, scope, check);
      return made(expr, { sql: `(NOT ${inner.sql})`, type: booleanType, nullable: inner.nullable, parts: [inner] });
    }
    case 'binary':
      return binary(expr, scope);
    case 'is':
      return isTest(expr, of(expr.operand), scope);
    case 'same':
      return test(
        expr,
        [of(expr.left), of(expr.right)],
        scope,
        ([a, b]) => `(${a} IS ${expr.negated ? '' : 'NOT '}DISTINCT FROM ${b})`,
      );
    case 'in':
      return test(
        expr,
        [expr.operand, ...expr.list].map(of),
        scope,
        ([a, ...rest]) => `(${a}${expr.negated ? ' NOT' : ''} IN (${rest.join(', ')}))`,
      );
    case 'between':
      return test(
        expr,
        [of(expr.operand), of(expr.low), of(expr.high)],
        scope,
        ([a, low, high]) => `(${a}${expr.negated ? ' NOT' : ''} BETWEEN ${low} AND ${high})`,
      );
    case 'like':
      return like(expr, scope, check);
    case 'case':
      return caseValue(expr, scope, check);
  }
}

function castValue(expr: Expr & { kind: 'cast' }, scope: Scope): Typed {
  const inner = check(expr.operand, scope);
  if (expr.attempt && inner.type.kind !== 'varchar' && inner.type.kind !== 'bind' && inner.type.kind !== 'null') {
    throw faults.wrongCast(expr.at, `TRY_CAST(${inner.text} AS ${typeText(expr.type)})`, 'TRY_CAST');
  }
  const value = cast(inner, expr.type, scope.compiler, expr.attempt);
  return { ...value, text: `CAST(${inner.text} AS ${typeText(expr.type)})` };
}

function arrayValue(expr: Expr, items: readonly Expr[], scope: Scope): Typed {
  const parts = items.map((item) => cast(check(item, scope), variantType, scope.compiler));
  const sql = `json_array(${parts.map((part) => part.sql).join(', ')})`;
  return made(expr, { sql, type: { kind: 'array' }, nullable: false, parts });
}

function queryValue(expr: Expr & { kind: 'exists' | 'subquery' | 'inQuery' }, scope: Scope): Typed {
  const { sql, columns } = scope.compiler.query(expr.query, scope);
  if (expr.kind === 'exists') return made(expr, { sql: `EXISTS (${sql})`, type: booleanType, nullable: false });
  const [column] = columns;
  if (column === undefined || columns.length > 1) throw faults.subqueryWidth();
  if (expr.kind === 'subquery') return made(expr, { sql: `(${sql})`, type: column.type, nullable: true });
  return inQuery(expr, check(expr.operand, scope), sql, column, scope);
}

function inQuery(
  expr: Expr & { kind: 'inQuery' },
  operand: Typed,
  sql: string,
  column: ScopeColumn,
  scope: Scope,
): Typed {
  const other: Typed = {
    ...noMakeup,
    sql: `"wanted".${column.duck}`,
    type: column.type,
    nullable: true,
    text: '',
    at: expr.at,
  };
  const [left, right] = common([operand, other], scope.compiler, { comparing: true }).values;
  const list = `SELECT ${right?.sql} FROM (${sql}) AS "wanted"`;
  return made(expr, {
    sql: `(${left?.sql}${expr.negated ? ' NOT' : ''} IN (${list}))`,
    type: booleanType,
    nullable: true,
    parts: [operand],
  });
}

function negative(expr: Expr, inner: Typed, scope: Scope): Typed {
  const number = isNumber(inner) ? inner : coerce(inner, numberType(38, 9), scope.compiler);
  if (number === null) throw faults.argumentTypes(expr.at, 'NEGATE', typeEcho(inner.type));
  const constant = typeof inner.constant === 'number' ? { constant: -inner.constant } : {};
  return made(expr, {
    sql: `(- ${number.sql})`,
    type: number.type,
    nullable: inner.nullable,
    parts: [inner],
    ...constant,
  });
}

const isNumber = (value: Typed) => value.type.kind === 'number' || value.type.kind === 'float';

function binary(expr: Expr & { kind: 'binary' }, scope: Scope): Typed {
  const { operator } = expr;
  if (operator === 'AND' || operator === 'OR') {
    const parts = [predicate(expr.left, scope, check), predicate(expr.right, scope, check)];
    const sql = `(${parts.map((part) => part.sql).join(` ${operator} `)})`;
    return made(expr, { sql, type: booleanType, nullable: parts.some((part) => part.nullable), parts });
  }
  const parts = [check(expr.left, scope), check(expr.right, scope)] as const;
  if (operator === '||') return made(expr, { ...concatenation(...parts, expr.at, scope.compiler), parts });
  if (['+', '-', '*', '/', '%'].includes(operator)) {
    return made(expr, { ...arithmetic(operator, ...parts, expr.at, scope.compiler), parts });
  }
  return made(expr, { ...comparison(operator, ...parts, scope.compiler), parts });
}
