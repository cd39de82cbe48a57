/** GROUP BY: by column, expression, place or alias of the list, or ALL. */
import { faults } from '../faults.ts';
import type { Expr, Select, SelectItem } from '../read/ast.ts';
import { check } from './expression.ts';
import { columnOf, type Scope } from './scope.ts';
import type { Output } from './select.ts';

export interface Grouping {
  readonly present: boolean;
  /** DuckDB SQL of every expression that is grouped by. */
  readonly keys: ReadonlySet<string>;
  /** The clause, or nothing. */
  readonly sql: string;
}

interface Key {
  readonly sql: string;
  readonly written: string;
}

export function grouping(
  { groupBy, items }: Select,
  outputs: (items: readonly SelectItem[]) => readonly Output[],
  scope: Scope,
): Grouping {
  if (groupBy === null) return { present: false, keys: new Set(), sql: '' };
  const keys = groupBy === 'all' ? allKeys(outputs(items)) : groupBy.map((expr) => keyOf(expr, items, outputs, scope));
  const sql = keys.length === 0 ? '' : `GROUP BY ${keys.map((key) => key.written).join(', ')}`;
  return { present: true, keys: new Set(keys.map((key) => key.sql)), sql };
}

function allKeys(list: readonly Output[]): readonly Key[] {
  return list.flatMap(({ value }, index) =>
    value.aggregates.length > 0 || value.windows.length > 0 ? [] : [{ sql: value.sql, written: String(index + 1) }],
  );
}

function keyOf(
  expr: Expr,
  items: readonly SelectItem[],
  outputs: (items: readonly SelectItem[]) => readonly Output[],
  scope: Scope,
): Key {
  const name = expr.kind === 'name' && expr.parts.length === 1 ? (expr.parts[0] ?? null) : null;
  const isAlias = name !== null && columnOf(scope, [name], expr.at) === null;
  const position = expr.kind === 'number' && /^\d+$/.test(expr.text) ? Number(expr.text) : null;
  if (!isAlias && position === null) {
    const value = check(expr, { ...scope, noAggregates: 'group by' });
    return { sql: value.sql, written: value.sql };
  }
  const list = outputs(items);
  const index = position === null ? list.findIndex((output) => output.alias === name) : position - 1;
  const value = list[index]?.value;
  if (value === undefined)
    throw position === null ? faults.invalidIdentifier(expr.at, name ?? '') : faults.positionOutOfRange(position);
  if (value.aggregates.length > 0 || value.windows.length > 0) throw faults.notGrouped(value.text);
  return { sql: value.sql, written: String(index + 1) };
}
