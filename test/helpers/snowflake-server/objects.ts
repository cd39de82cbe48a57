/**
 * Databases, schemas, tables, views and procedures, as Snowflake sees them. They are kept in DuckDB beside the data (a schema no Snowflake name
 * can reach), written in the transaction of the DDL, so that a server on the same file knows them again.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { database, procedure, schema, table, type Grants, type Securable } from './grants.ts';
import { dotted } from './names.ts';
import { duckSchema } from './sql/names.ts';
import type { ObjectName, ProcedureShape, TableShape } from './sql/statement.ts';
import type { Store } from './store.ts';

type Kind = 'database' | 'schema' | 'table' | 'procedure';
export type Entry =
  | { readonly kind: 'database'; readonly database: string }
  | { readonly kind: 'schema'; readonly database: string; readonly schema: string }
  | { readonly kind: 'table'; readonly shape: TableShape }
  | {
      readonly kind: 'procedure';
      readonly shape: ProcedureShape;
      /** EXECUTE AS CALLER. */
      readonly asCaller: boolean;
    };

const place = '"snowflake objects"';

export class Objects {
  readonly databases = new Set<string>();
  readonly schemas = new Map<string, { readonly database: string; readonly name: string }>();
  readonly tables = new Map<string, TableShape>();
  readonly procedures = new Map<string, Extract<Entry, { readonly kind: 'procedure' }>>();

  /** What the file holds, and to whom it belongs. */
  static async load(store: Store, grants: Grants): Promise<Objects> {
    const objects = new Objects();
    await store.own.run(`CREATE SCHEMA IF NOT EXISTS ${place}`);
    await store.own.run(
      `CREATE TABLE IF NOT EXISTS ${place}.entries (kind VARCHAR, name VARCHAR, owner VARCHAR, entry VARCHAR)`,
    );
    const reader = await store.own.runAndReadAll(`SELECT entry, owner FROM ${place}.entries ORDER BY rowid`);
    for (const [text, owner] of reader.getRows()) {
      const entry: Entry = JSON.parse(String(text));
      objects.put(entry);
      grants.created(securableOf(entry), String(owner));
    }
    return objects;
  }

  put(entry: Entry): void {
    if (entry.kind === 'database') this.databases.add(entry.database);
    else if (entry.kind === 'schema') {
      this.schemas.set(`${entry.database}.${entry.schema}`, { database: entry.database, name: entry.schema });
    } else if (entry.kind === 'table') this.tables.set(dotted(entry.shape.name), entry.shape);
    else this.procedures.set(dotted(entry.shape.name), entry);
  }

  forget(kind: Kind, name: string): void {
    const map = { database: this.databases, schema: this.schemas, table: this.tables, procedure: this.procedures }[
      kind
    ];
    map.delete(name);
  }

  table(name: ObjectName): TableShape | null {
    return this.tables.get(dotted(name)) ?? null;
  }
  procedure(name: ObjectName): ProcedureShape | null {
    return this.procedures.get(dotted(name))?.shape ?? null;
  }
  runsAsCaller(name: ObjectName): boolean {
    return this.procedures.get(dotted(name))?.asCaller ?? false;
  }
}

export function securableOf(entry: Entry): Securable {
  if (entry.kind === 'database') return database(entry.database);
  if (entry.kind === 'schema') return schema(entry.database, entry.schema);
  return entry.kind === 'table' ? table(entry.shape.name) : procedure(entry.shape.name);
}

const nameOf = (entry: Entry): string => {
  if (entry.kind === 'database') return entry.database;
  return entry.kind === 'schema' ? `${entry.database}.${entry.schema}` : dotted(entry.shape.name);
};

/** Writes one entry inside the DDL's transaction; the maps above change when it has committed. */
export async function keepEntry(connection: DuckDBConnection, entry: Entry, owner: string): Promise<void> {
  await dropEntry(connection, entry.kind, nameOf(entry));
  if (entry.kind === 'schema') await connection.run(duckSchema(entry.database, entry.schema));
  await connection.run(`INSERT INTO ${place}.entries VALUES (?, ?, ?, ?)`, [
    entry.kind,
    nameOf(entry),
    owner,
    JSON.stringify(entry),
  ]);
}

export async function dropEntry(connection: DuckDBConnection, kind: Kind, name: string): Promise<void> {
  await connection.run(`DELETE FROM ${place}.entries WHERE kind = ? AND name = ?`, [kind, name]);
}
