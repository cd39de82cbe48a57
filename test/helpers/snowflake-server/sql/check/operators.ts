/** Comparisons and `||`. */
import { faults } from '../faults.ts';
import type { BinaryOperator } from '../read/ast.ts';
import type { Place } from '../read/token.ts';
import { booleanType, isSemi, maxVarcharLength, varchar } from '../types.ts';
import { coerce } from './cast.ts';
import type { CastContext } from './cast-shape.ts';
import { common } from './meeting.ts';
import { typeEcho, type ExprType, type Typed } from './typed.ts';

export interface Result {
  readonly sql: string;
  readonly type: ExprType;
  readonly nullable: boolean;
}

export function comparison(operator: BinaryOperator, left: Typed, right: Typed, context: CastContext): Result {
  const [a, b] = common([left, right], context, { comparing: true }).values;
  return {
    sql: `(${a?.sql} ${operator} ${b?.sql})`,
    type: booleanType,
    nullable: left.nullable || right.nullable,
  };
}

const lengthOf = ({ type }: Typed) => (type.kind === 'varchar' ? type.length : maxVarcharLength);

export function concatenation(left: Typed, right: Typed, at: Place, context: CastContext): Result {
  const [a, b] = [left, right].map((value) => (isSemi(value.type.kind) ? null : coerce(value, varchar, context)));
  if (a === null || b === null || a === undefined || b === undefined) {
    throw faults.argumentTypes(at, '||', [left, right].map((value) => typeEcho(value.type)).join(', '));
  }
  const length = Math.min(maxVarcharLength, lengthOf(left) + lengthOf(right));
  return {
    sql: `CAST((${a.sql} || ${b.sql}) AS VARCHAR)`,
    type: { kind: 'varchar', length },
    nullable: left.nullable || right.nullable,
  };
}
