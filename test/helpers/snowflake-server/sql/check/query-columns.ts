/** Columns of a query under names given from outside: a CTE's, a view's, an alias's. */
import { faults } from '../faults.ts';
import { distinctNames, type ScopeColumn } from './scope.ts';

export function renamed(columns: readonly ScopeColumn[], names: readonly string[]): readonly ScopeColumn[] {
  if (names.length === 0) return columns;
  if (names.length !== columns.length) throw faults.setWidths();
  const ducks = distinctNames(names);
  return columns.map((column, index) => ({
    ...column,
    name: names[index] ?? column.name,
    duck: ducks[index] ?? column.duck,
  }));
}
