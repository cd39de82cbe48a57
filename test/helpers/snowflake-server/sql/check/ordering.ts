/** ORDER BY inside calls and windows. Where NULLS is not said, Snowflake puts NULL last going up and first going down. */
import type { AggregateFunction, WindowFunction } from '../functions/spec.ts';
import type { Expr, OrderItem, Window } from '../read/ast.ts';
import type { Typed } from './typed.ts';

type Inner = (expr: Expr) => Typed;

export function direction({ descending, nulls }: OrderItem): string {
  const first = nulls === null ? descending : nulls === 'first';
  return `${descending ? ' DESC' : ' ASC'} NULLS ${first ? 'FIRST' : 'LAST'}`;
}

export interface Ordering {
  /** ` ORDER BY …` or nothing. */
  readonly sql: string;
  readonly values: readonly Typed[];
}

export function ordering(items: readonly OrderItem[], inner: Inner): Ordering {
  const values = items.map((item) => inner(item.value));
  const keys = items.map((item, index) => `${values[index]?.sql}${direction(item)}`);
  return { sql: keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`, values };
}

export function overClause(window: Window, spec: AggregateFunction | WindowFunction, inner: Inner): Ordering {
  const partition = window.partition.map(inner);
  const order = ordering(window.order, inner);
  const frame = window.frame ?? (spec.kind === 'window' && window.order.length > 0 ? spec.frame : null);
  const by = partition.length === 0 ? '' : `PARTITION BY ${partition.map((value) => value.sql).join(', ')}`;
  const sql = ` OVER (${by}${order.sql}${frame === null ? '' : ` ${frame}`})`;
  return { sql, values: [...partition, ...order.values] };
}
