/** Values of script variables, and the expressions over them that need no SQL. */
import { SqlError, type BindValue, type SnowflakeType } from './statement.ts';
import type { Expr } from './read/ast.ts';

export type Lookup = (name: string) => BindValue | undefined;

/** Not computable here: the server has to be asked. */
export const unknown = Symbol('unknown');
export type Evaluated = BindValue | typeof unknown;

export function evaluate(expr: Expr, lookup: Lookup): Evaluated {
  switch (expr.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return expr.value;
    case 'number':
      return Number.isSafeInteger(Number(expr.text)) ? Number(expr.text) : unknown;
    case 'variable':
      return lookup(expr.name) ?? (lookup(expr.name) === null ? null : unknown);
    case 'name':
      return expr.parts.length === 1 ? known(lookup(expr.parts[0] ?? '')) : unknown;
    case 'minus':
      return numeric(evaluate(expr.operand, lookup), (value) => -value);
    case 'not':
      return negated(evaluate(expr.operand, lookup));
    case 'is':
      return isTest(expr, evaluate(expr.operand, lookup));
    case 'binary':
      return binary(expr.operator, evaluate(expr.left, lookup), evaluate(expr.right, lookup));
    default:
      return unknown;
  }
}

const known = (value: BindValue | undefined): Evaluated => (value === undefined ? unknown : value);

function numeric(value: Evaluated, change: (value: number) => number): Evaluated {
  if (value === null) return null;
  return typeof value === 'number' ? exact(change(value)) : unknown;
}
/** Whole numbers only: fractions have a scale that JS numbers do not keep. */
const exact = (value: number): Evaluated => (Number.isSafeInteger(value) ? value : unknown);

function negated(value: Evaluated): Evaluated {
  if (value === null) return null;
  return typeof value === 'boolean' ? !value : unknown;
}

function isTest(expr: Expr & { kind: 'is' }, value: Evaluated): Evaluated {
  if (value === unknown || (expr.what !== 'null' && typeof value !== 'boolean' && value !== null)) return unknown;
  const wanted = expr.what === 'null' ? null : expr.what === 'true';
  return (value === wanted) !== expr.negated;
}

function binary(operator: string, left: Evaluated, right: Evaluated): Evaluated {
  if (left === unknown || right === unknown) return unknown;
  if (operator === 'AND' || operator === 'OR') return logical(operator === 'AND', left, right);
  if (left === null || right === null) return null;
  if (operator === '||') return `${left}${right}`;
  if (typeof left !== typeof right) return unknown;
  if (['+', '-', '*'].includes(operator)) return arithmetic(operator, left, right);
  return comparison(operator, left, right);
}

/** AND is decided by one FALSE, OR by one TRUE, whatever the other is. */
function logical(isAnd: boolean, left: BindValue, right: BindValue): Evaluated {
  const values = [left, right];
  if (values.some((value) => value !== null && typeof value !== 'boolean')) return unknown;
  if (values.includes(!isAnd)) return !isAnd;
  return values.includes(null) ? null : isAnd;
}

function arithmetic(operator: string, left: BindValue, right: BindValue): Evaluated {
  if (typeof left !== 'number' || typeof right !== 'number') return unknown;
  return exact(operator === '+' ? left + right : operator === '-' ? left - right : left * right);
}

function comparison(operator: string, left: string | number | boolean, right: string | number | boolean): Evaluated {
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return unknown;
  }
}

/** A value as a variable of the type holds it. @throws SqlError 100037, 100038, 100078 */
export function asType(value: BindValue, type: SnowflakeType | null): BindValue {
  if (value === null || type === null) return value;
  switch (type.kind) {
    case 'number':
      return asNumber(value, type.scale);
    case 'float':
      return typeof value === 'number' ? value : checkedNumber(String(value));
    case 'boolean':
      return asBoolean(value);
    case 'varchar':
      return asText(String(value), type.length);
    default:
      return String(value);
  }
}

function checkedNumber(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new SqlError('100038', '22018', `Numeric value '${text}' is not recognized`);
}

/** Past 2^53 a whole number stays text. */
function asNumber(value: string | number | boolean, scale: number): BindValue {
  if (typeof value === 'boolean') return Number(value);
  const number = checkedNumber(String(value));
  if (scale > 0) return String(value);
  return Number.isSafeInteger(Math.round(number)) ? Math.round(number) : String(value);
}

function asBoolean(value: string | number | boolean): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (/^(true|t|yes|y|on|1)$/i.test(value)) return true;
  if (/^(false|f|no|n|off|0)$/i.test(value)) return false;
  throw new SqlError('100037', '22018', `Boolean value '${value}' is not recognized`);
}

function asText(text: string, length: number): string {
  if (text.length <= length) return text;
  throw new SqlError('100078', '22000', `String '${text}' is too long and would be truncated`);
}
