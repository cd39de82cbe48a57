/** Tests (IS, IN, BETWEEN, LIKE) and CASE. */
import { faults } from '../faults.ts';
import type { Expr } from '../read/ast.ts';
import { booleanType, isSemi, typeText, varchar } from '../types.ts';
import { cast, coerce } from './cast.ts';
import { made, type Check } from './made.ts';
import { common } from './meeting.ts';
import { comparison } from './operators.ts';
import type { Scope } from './scope.ts';
import { makeupOf, settled, typeEcho, type Typed } from './typed.ts';

export function isTest(expr: Expr & { kind: 'is' }, operand: Typed, scope: Scope): Typed {
  const inner = expr.what === 'null' ? operand : cast(operand, booleanType, scope.compiler);
  const sql = `(${inner.sql} IS ${expr.negated ? 'NOT ' : ''}${expr.what.toUpperCase()})`;
  return made(expr, { sql, type: booleanType, nullable: false, parts: [inner] });
}

/** Values that must have one type in common. */
export function test(
  expr: Expr,
  values: readonly Typed[],
  scope: Scope,
  write: (sqls: readonly string[]) => string,
): Typed {
  const parts = common(values, scope.compiler, { comparing: true }).values;
  const sql = write(parts.map((part) => part.sql));
  return made(expr, { sql, type: booleanType, nullable: parts.some((part) => part.nullable), parts });
}

export function like(expr: Expr & { kind: 'like' }, scope: Scope, check: Check): Typed {
  const operands = [expr.operand, expr.pattern, ...(expr.escape === null ? [] : [expr.escape])];
  const parts = operands.map((operand) => {
    const value = check(operand, scope);
    const text = coerce(value, varchar, scope.compiler);
    if (text === null || isSemi(value.type.kind)) throw faults.argumentTypes(expr.at, 'LIKE', typeEcho(value.type));
    return text;
  });
  const [a = '', b = '', escape = `'\\'`] = parts.map((part) => part.sql);
  const word = `${expr.negated ? 'NOT ' : ''}${expr.ignoreCase ? 'ILIKE' : 'LIKE'}`;
  // Without ESCAPE Snowflake's patterns have no escape character; DuckDB needs one only where it is given.
  const sql = expr.escape === null ? `(${a} ${word} ${b})` : `(${a} ${word} ${b} ESCAPE ${escape})`;
  return made(expr, { sql, type: booleanType, nullable: parts.some((part) => part.nullable), parts });
}

export function caseValue(expr: Expr & { kind: 'case' }, scope: Scope, check: Check): Typed {
  const conditions = caseConditions(expr, scope, check);
  const results = [
    ...expr.branches.map((branch) => check(branch.result, scope)),
    ...(expr.otherwise === null ? [] : [check(expr.otherwise, scope)]),
  ];
  const met = common(results, scope.compiler);
  const branches = conditions.map((condition, index) => `WHEN ${condition.sql} THEN ${met.values[index]?.sql}`);
  const last = expr.otherwise === null ? '' : ` ELSE ${met.values.at(-1)?.sql}`;
  return made(expr, {
    sql: `CASE ${branches.join(' ')}${last} END`,
    type: met.type,
    nullable: expr.otherwise === null || results.some((result) => result.nullable),
    parts: [...conditions, ...results],
  });
}

function caseConditions(expr: Expr & { kind: 'case' }, scope: Scope, check: Check): readonly Typed[] {
  if (expr.operand === null) return expr.branches.map((branch) => caseCondition(branch.when, scope, check));
  const subject = check(expr.operand, scope);
  return expr.branches.map((branch) => {
    const value = check(branch.when, scope);
    return { ...value, ...comparison('=', subject, value, scope.compiler), ...makeupOf([subject, value]) };
  });
}

/** @throws SqlError 001038 */
function caseCondition(expr: Expr, scope: Scope, check: Check): Typed {
  const value = check(expr, scope);
  const { kind } = value.type;
  if (kind === 'boolean') return value;
  if (kind !== 'null' && kind !== 'bind' && kind !== 'number') {
    throw faults.wrongParameter(value.text, typeText(settled(value.type)), 'BOOLEAN');
  }
  return cast(value, booleanType, scope.compiler);
}
