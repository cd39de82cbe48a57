/** What the parsers read: names folded as Snowflake stores them, nothing checked yet. */
import type { SnowflakeType } from '../statement.ts';
import type { Place } from './token.ts';

interface Node {
  readonly at: Place;
  /** The expression as written: Snowflake names columns and echoes faults by it. */
  readonly source: string;
}

export type Name = readonly string[];

export type PathStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'computed'; readonly value: Expr };

export interface OrderItem {
  readonly value: Expr;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | null;
}

export interface Window {
  readonly partition: readonly Expr[];
  readonly order: readonly OrderItem[];
  readonly frame: string | null;
}

export interface Call {
  readonly name: string;
  /** Of `db.schema.f(…)`. */
  readonly qualified: boolean;
  readonly args: readonly Expr[];
  readonly named: ReadonlyMap<string, Expr>;
  readonly star: boolean;
  readonly distinct: boolean;
  readonly withinGroup: readonly OrderItem[] | null;
  readonly ignoreNulls: boolean;
  readonly over: Window | null;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'AND' | 'OR';

export type Expr = Node &
  (
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bind'; readonly index: number }
    | { readonly kind: 'variable'; readonly name: string }
    | { readonly kind: 'name'; readonly parts: Name }
    | { readonly kind: 'call'; readonly call: Call }
    | { readonly kind: 'cast'; readonly operand: Expr; readonly type: SnowflakeType; readonly attempt: boolean }
    | { readonly kind: 'minus' | 'not'; readonly operand: Expr }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr }
    | {
        readonly kind: 'is';
        readonly what: 'null' | 'true' | 'false';
        readonly operand: Expr;
        readonly negated: boolean;
      }
    | { readonly kind: 'same'; readonly left: Expr; readonly right: Expr; readonly negated: boolean }
    | { readonly kind: 'in'; readonly operand: Expr; readonly list: readonly Expr[]; readonly negated: boolean }
    | { readonly kind: 'inQuery'; readonly operand: Expr; readonly query: Query; readonly negated: boolean }
    | {
        readonly kind: 'between';
        readonly operand: Expr;
        readonly low: Expr;
        readonly high: Expr;
        readonly negated: boolean;
      }
    | {
        readonly kind: 'like';
        readonly operand: Expr;
        readonly pattern: Expr;
        readonly escape: Expr | null;
        readonly ignoreCase: boolean;
        readonly negated: boolean;
      }
    | {
        readonly kind: 'case';
        readonly operand: Expr | null;
        readonly branches: readonly { readonly when: Expr; readonly result: Expr }[];
        readonly otherwise: Expr | null;
      }
    | { readonly kind: 'exists'; readonly query: Query }
    | { readonly kind: 'subquery'; readonly query: Query }
    | { readonly kind: 'path'; readonly operand: Expr; readonly steps: readonly PathStep[] }
    | { readonly kind: 'array'; readonly items: readonly Expr[] }
  );

export type SelectItem =
  | { readonly kind: 'star'; readonly qualifier: Name; readonly except: readonly string[]; readonly at: Place }
  | { readonly kind: 'value'; readonly value: Expr; readonly alias: string | null };

export type JoinKind = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';

export interface Alias {
  readonly name: string | null;
  readonly columns: readonly string[];
}

export type FromItem =
  | { readonly kind: 'table'; readonly name: Name; readonly alias: Alias; readonly at: Place }
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: Alias }
  | { readonly kind: 'function'; readonly call: Call; readonly alias: Alias; readonly at: Place }
  | {
      readonly kind: 'join';
      readonly join: JoinKind;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on: Expr | null;
      readonly using: readonly string[];
    };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Expr | null;
  readonly items: readonly SelectItem[];
  readonly from: FromItem | null;
  readonly where: Expr | null;
  readonly groupBy: readonly Expr[] | 'all' | null;
  readonly having: Expr | null;
  readonly qualify: Expr | null;
}

export type SetOperator = 'UNION ALL' | 'UNION' | 'EXCEPT' | 'INTERSECT';

export type QueryBody =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] }
  | { readonly kind: 'nested'; readonly query: Query }
  | { readonly kind: 'set'; readonly operator: SetOperator; readonly left: QueryBody; readonly right: QueryBody };

export interface Cte {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Query {
  readonly ctes: readonly Cte[];
  readonly body: QueryBody;
  readonly order: readonly OrderItem[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}
