/** Conditions of WHERE, HAVING, QUALIFY, ON, WHEN. */
import { faults } from '../faults.ts';
import type { Expr } from '../read/ast.ts';
import { booleanType } from '../types.ts';
import { cast } from './cast.ts';
import type { Check } from './made.ts';
import type { Scope } from './scope.ts';
import { typeEcho, type Typed } from './typed.ts';

/** Text and VARIANT are read as true and false. @throws SqlError when the expression can be neither */
export function predicate(expr: Expr, scope: Scope, check: Check): Typed {
  const value = check(expr, scope);
  const { kind } = value.type;
  if (kind === 'boolean') return value;
  if (kind === 'null' || kind === 'bind' || kind === 'variant' || kind === 'varchar') {
    return cast(value, booleanType, scope.compiler);
  }
  throw faults.wrongPredicate(typeEcho(value.type), value.text);
}
