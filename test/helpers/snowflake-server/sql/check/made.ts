/** Makes a checked expression of its parts. */
import type { Expr } from '../read/ast.ts';
import type { Scope } from './scope.ts';
import { makeupOf, noMakeup, type Typed } from './typed.ts';

/** Checks a part; handed around because expressions hold expressions. */
export type Check = (expr: Expr, scope: Scope) => Typed;

export interface Made {
  readonly sql: string;
  readonly type: Typed['type'];
  readonly nullable: boolean;
  readonly parts?: readonly Typed[];
  readonly text?: string;
  readonly constant?: string | number;
}

export function made(expr: Expr, { sql, type, nullable, parts, text, constant }: Made): Typed {
  const makeup = parts === undefined ? noMakeup : makeupOf(parts);
  return { ...makeup, sql, type, nullable, text: text ?? expr.source.toUpperCase(), at: expr.at, constant };
}
