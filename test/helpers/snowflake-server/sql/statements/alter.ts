/** ALTER TABLE ADD and DROP COLUMN; DROP. */
import type { Compiler } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { duckSchemaDrop, duckTableName, echo, quote, resolveName } from '../names.ts';
import { objectName } from '../read/from.ts';
import type { TokenReader } from '../read/token-reader.ts';
import { parseType } from '../read/type.ts';
import type { Compiled, TableShape } from '../statement.ts';
import { duckType } from '../types.ts';
import { columnDefinition, type ColumnDefinition } from './columns.ts';
import { duckSql, targetTable } from './context.ts';

export function alterTable(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('ALTER', 'TABLE');
  reader.takeWord('IF', 'EXISTS');
  const table = targetTable(objectName(reader), compiler, 'ALTER');
  if (reader.takeWord('ADD')) return addColumns(reader, compiler, table);
  if (reader.isWord('DROP') && reader.peek(1).text !== 'CLUSTERING') return dropColumns(reader, compiler, table);
  throw faults.unsupported(`ALTER TABLE … ${reader.peek().text}`);
}

const hasColumn = (table: TableShape, name: string) => table.columns.some((column) => column.name === name);

function addColumns(reader: TokenReader, compiler: Compiler, table: TableShape): Compiled {
  reader.takeWord('COLUMN');
  const lenient = reader.takeWord('IF', 'NOT', 'EXISTS');
  const definitions = reader.list(() => columnDefinition(reader, compiler));
  reader.expectEnd();
  const known = definitions.filter(({ shape }) => hasColumn(table, shape.name));
  const [first] = known;
  if (first !== undefined && !lenient) throw faults.columnExists(first.shape.name);
  const added = definitions.filter((definition) => !known.includes(definition));
  const place = duckTableName(table.name);
  const sql = added.flatMap((definition) => addColumn(place, definition)).join('; ');
  const addedColumns = added.map((definition) => definition.shape);
  return {
    kind: 'alter_table',
    target: table.name,
    addColumns: addedColumns,
    dropColumns: [],
    duck: duckSql(sql, compiler),
  };
}

/** DuckDB adds no column with a constraint, so NOT NULL comes after the default has filled it. */
function addColumn(place: string, { shape, fallback }: ColumnDefinition): readonly string[] {
  const column = quote(shape.name);
  const add = `ALTER TABLE ${place} ADD COLUMN ${column} ${duckType(shape.type)}${fallback === null ? '' : ` DEFAULT ${fallback}`}`;
  return shape.nullable ? [add] : [add, `ALTER TABLE ${place} ALTER COLUMN ${column} SET NOT NULL`];
}

function dropColumns(reader: TokenReader, compiler: Compiler, table: TableShape): Compiled {
  reader.expectWord('DROP');
  reader.takeWord('COLUMN');
  const lenient = reader.takeWord('IF', 'EXISTS');
  const at = reader.peek();
  const names = reader.list(() => reader.identifier());
  reader.expectEnd();
  const missing = names.find((name) => !hasColumn(table, name));
  if (missing !== undefined && !lenient) throw faults.invalidIdentifier(at, missing);
  const dropped = names.filter((name) => hasColumn(table, name));
  const sql = dropped.map((name) => `ALTER TABLE ${duckTableName(table.name)} DROP COLUMN ${quote(name)}`).join('; ');
  return {
    kind: 'alter_table',
    target: table.name,
    addColumns: [],
    dropColumns: dropped,
    duck: duckSql(sql, compiler),
  };
}

export function drop(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('DROP');
  const what = (['table', 'view', 'procedure', 'schema'] as const).find((word) => reader.takeWord(word.toUpperCase()));
  if (what === undefined) throw faults.unsupported(`DROP ${reader.peek().text}`);
  const ifExists = reader.takeWord('IF', 'EXISTS');
  const written = objectName(reader);
  if (what === 'procedure') signature(reader);
  if (!reader.takeWord('CASCADE')) reader.takeWord('RESTRICT');
  reader.expectEnd();
  if (what === 'schema') return dropSchema(written, compiler, ifExists);
  const target = resolveName(written, compiler.catalog, 'DROP');
  const found = what === 'procedure' ? compiler.catalog.procedure(target) : compiler.catalog.table(target);
  if (found === null && !ifExists)
    throw what === 'procedure' ? faults.noProcedure(echo(written)) : faults.noTable(echo(written));
  const duck =
    what === 'procedure' || found === null
      ? null
      : duckSql(`DROP ${what.toUpperCase()} IF EXISTS ${duckTableName(target)}`, compiler);
  return { kind: 'drop', what, target, ifExists, duck };
}

function signature(reader: TokenReader): void {
  reader.inParentheses(() => (reader.isSymbol(')') ? [] : reader.list(() => parseType(reader))));
}

function dropSchema(written: readonly string[], compiler: Compiler, ifExists: boolean): Compiled {
  const { catalog } = compiler;
  const [schema = '', databasePart] = written.toReversed();
  const database = databasePart ?? catalog.currentDatabase;
  if (database === null) throw faults.noCurrentDatabase('DROP');
  const exists = catalog.databaseExists(database) && catalog.schemaExists(database, schema);
  if (!exists && !ifExists) throw faults.noSchema(`${database}.${schema}`);
  const duck = exists ? duckSql(duckSchemaDrop(database, schema), compiler) : null;
  return { kind: 'drop', what: 'schema', target: { database, schema, name: schema }, ifExists, duck };
}
