/** Constants, binds and script variables. */
import { faults } from '../faults.ts';
import type { Expr } from '../read/ast.ts';
import type { SnowflakeType } from '../statement.ts';
import { duckType, numberType } from '../types.ts';
import { made } from './made.ts';
import type { Scope } from './scope.ts';
import { bindMark, textConstant, type Typed } from './typed.ts';

export function numberValue(expr: Expr, text: string): Typed {
  if (/e/i.test(text)) {
    return made(expr, {
      sql: `CAST(${text} AS DOUBLE)`,
      type: { kind: 'float' },
      nullable: false,
      constant: Number(text),
    });
  }
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  if (digits.length + fraction.length > 38) throw faults.unsupported(`a constant of more than 38 digits`);
  const type = numberType(Math.max(1, digits.length + fraction.length), fraction.length);
  const sql = `CAST(${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`} AS ${duckType(type)})`;
  return made(expr, { sql, type, nullable: false, constant: Number(text) });
}

export function stringValue(expr: Expr, value: string): Typed {
  const type: SnowflakeType = { kind: 'varchar', length: Math.max(1, value.length) };
  return made(expr, { sql: textConstant(value), type, nullable: false, constant: value, text: expr.source });
}

/** A bind without a told type is text that takes any other type. */
export function bindValue(expr: Expr, index: number, scope: Scope): Typed {
  const { count, types } = scope.compiler.binds;
  if (index >= count) throw faults.bindNotSet(expr.at);
  const type = types?.[index];
  const sql = `CAST(${bindMark(index)} AS ${type === undefined ? 'VARCHAR' : duckType(type)})`;
  return made(expr, { sql, type: type ?? { kind: 'bind' }, nullable: true });
}

export function variableValue(expr: Expr, name: string, scope: Scope): Typed {
  const variable = scope.compiler.binds.variable(name);
  if (variable === null) throw faults.invalidIdentifier(expr.at, name);
  const sql = `CAST(${bindMark(variable.index)} AS ${duckType(variable.type)})`;
  return made(expr, { sql, type: variable.type, nullable: true });
}
