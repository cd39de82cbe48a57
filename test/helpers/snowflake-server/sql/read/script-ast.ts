/** A Snowflake Scripting body as read; SQL statements stay text until they run. */
import type { SnowflakeType } from '../statement.ts';
import type { Expr } from './ast.ts';
import type { Place } from './token.ts';

export type Step = { readonly at: Place } & (
  | { readonly kind: 'sql'; readonly text: string; readonly into: readonly string[] }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'let'; readonly declaration: Declaration }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly when: Expr; readonly steps: readonly Step[] }[];
      readonly otherwise: readonly Step[];
    }
  | { readonly kind: 'return'; readonly value: Expr | null }
  | { readonly kind: 'raise'; readonly name: string | null }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'null' }
);

export type Declaration = { readonly name: string; readonly at: Place } & (
  | { readonly kind: 'variable'; readonly type: SnowflakeType | null; readonly value: Expr | null }
  | { readonly kind: 'exception'; readonly code: string; readonly message: string }
);

export interface Handler {
  /** `OTHER`, `STATEMENT_ERROR`, `EXPRESSION_ERROR` or declared ones. */
  readonly names: readonly string[];
  readonly steps: readonly Step[];
}

export interface Block {
  readonly declarations: readonly Declaration[];
  readonly steps: readonly Step[];
  readonly handlers: readonly Handler[];
}
