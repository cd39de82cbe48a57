/** What every statement is compiled with, and its finished SQL. */
import { placeholders, withPaths } from '../check/typed.ts';
import type { Compiler } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { duckTableName, echo, informationSchema, resolveName } from '../names.ts';
import type { Name } from '../read/ast.ts';
import type { DuckSql, ObjectName, TableShape } from '../statement.ts';

export const duckSql = (sql: string, { taken }: Pick<Compiler, 'taken'>): DuckSql =>
  placeholders(withPaths(sql, taken));

/** Each table once, in the order of reading. */
export function readsOf(compiler: Compiler): readonly ObjectName[] {
  return [...new Map(compiler.reads.map((name) => [duckTableName(name), name])).values()];
}

/** The table a statement changes. @throws SqlError 002003 */
export function targetTable(name: Name, compiler: Compiler, verb: string): TableShape {
  const full = resolveName(name, compiler.catalog, verb);
  const table = full.schema === informationSchema ? null : compiler.catalog.table(full);
  if (table === null) throw faults.noTable(echo(name));
  if (table.kind === 'view') throw faults.unsupported(`${verb} on a view`);
  return table;
}
