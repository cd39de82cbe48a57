/** Object names: how a statement's name becomes a full one, and where its table lies in DuckDB. */
import { faults } from './faults.ts';
import type { Name } from './read/ast.ts';
import type { Catalog, ObjectName } from './statement.ts';

/** A DuckDB identifier. */
export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Dots inside names are doubled, so that no two schemas share a place. */
function schemaPlace(database: string, schema: string): string {
  return quote(`${database.replaceAll('.', '..')}.${schema.replaceAll('.', '..')}`);
}

/** One DuckDB database holds everything: schema "DB.SCHEMA", table by its Snowflake name. */
export function duckTableName(name: ObjectName): string {
  return `${schemaPlace(name.database, name.schema)}.${quote(name.name)}`;
}

export function duckSchema(database: string, schema: string): string {
  return `CREATE SCHEMA IF NOT EXISTS ${schemaPlace(database, schema)}`;
}

export function duckSchemaDrop(database: string, schema: string): string {
  return `DROP SCHEMA IF EXISTS ${schemaPlace(database, schema)} CASCADE`;
}

/**
 * The full name of `t`, `s.t` or `d.s.t`. `verb` is what the statement does, for the message when the session has no current schema.
 * @throws SqlError 090105, 090106, 002003
 */
export function resolveName(parts: Name, catalog: Catalog, verb: string): ObjectName {
  const [name = '', schemaPart, databasePart] = parts.toReversed();
  const database = databasePart ?? catalog.currentDatabase;
  if (database === null) throw faults.noCurrentDatabase(verb);
  if (!catalog.databaseExists(database)) throw faults.noDatabase(database);
  const schema = schemaPart ?? catalog.currentSchema;
  if (schema === null) throw faults.noCurrentSchema(verb);
  if (schema !== informationSchema && !catalog.schemaExists(database, schema)) {
    throw faults.noSchema(`${database}.${schema}`);
  }
  return { database, schema, name };
}

export const informationSchema = 'INFORMATION_SCHEMA';

/** A name as Snowflake's messages echo it. */
export const echo = (parts: Name) => parts.join('.');
