/**
 * What the SQL part of the stand-in tells the server about one Snowflake statement: what it is, what it touches, and the DuckDB SQL that does
 * the same. Names are as Snowflake stores them: unquoted ones in upper case, quoted ones as written.
 */

/** `database` and `schema` are already filled in from the session where the statement leaves them out. */
export interface ObjectName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

export type SnowflakeType =
  | { readonly kind: 'number'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float' }
  | { readonly kind: 'varchar'; readonly length: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'date' }
  | { readonly kind: 'timestamp_ntz' | 'timestamp_ltz' | 'timestamp_tz'; readonly scale: number }
  | { readonly kind: 'variant' | 'object' | 'array' };

export interface ColumnShape {
  readonly name: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
}

export interface TableShape {
  readonly name: ObjectName;
  readonly kind: 'table' | 'view';
  readonly columns: readonly ColumnShape[];
  /** `COMMENT = '…'`, as SHOW tells it (`comment`). */
  readonly comment?: string | null;
}

export interface ProcedureShape {
  readonly name: ObjectName;
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType }[];
  /** Snowflake Scripting between $$ and $$, as written. */
  readonly body: string;
  /** What RETURNS declares: the type of the one column that CALL answers with, which is named like the procedure. */
  readonly returns?: SnowflakeType;
  /** `COMMENT = '…'`; SHOW PROCEDURES tells it as `description`. */
  readonly comment?: string | null;
}

/** The server's catalogue as the compiler sees it; null = does not exist (or the role may not see it: Snowflake says the same). */
export interface Catalog {
  readonly currentDatabase: string | null;
  readonly currentSchema: string | null;
  table(name: ObjectName): TableShape | null;
  procedure(name: ObjectName): ProcedureShape | null;
  databaseExists(name: string): boolean;
  schemaExists(database: string, name: string): boolean;
  /** Values of functions without arguments that only the session knows, by upper-case name: `CURRENT_ROLE`, `CURRENT_VERSION`, … */
  readonly sessionFunctions?: Readonly<Record<string, string | null>>;
  /** The session's TIMEZONE; without it Snowflake's own default, America/Los_Angeles. */
  readonly timezone?: string;
  /** What INFORMATION_SCHEMA of a database shows; without these its views do not exist. */
  listTables?(database: string): readonly TableShape[];
  listProcedures?(database: string): readonly ProcedureShape[];
  listSchemas?(database: string): readonly string[];
}

/** DuckDB SQL with `?` placeholders; `bindOrder[i]` is the index (from 0) of the Snowflake bind that the i-th placeholder takes. */
export interface DuckSql {
  readonly sql: string;
  readonly bindOrder: readonly number[];
}

/** Which rows an UPDATE means, looked up now, and the change of just these later. A row is known by the columns that are not set. */
export interface UpdateInTwo {
  readonly keys: DuckSql;
  change(keys: readonly string[]): DuckSql;
}

export interface ResultColumn {
  /** As Snowflake names it in the result: upper case unless the alias was quoted. */
  readonly name: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
}

export type Compiled =
  | {
      readonly kind: 'query';
      readonly duck: DuckSql;
      readonly columns: readonly ResultColumn[];
      readonly reads: readonly ObjectName[];
    }
  | {
      readonly kind: 'insert' | 'update' | 'delete' | 'merge';
      readonly duck: DuckSql;
      readonly target: ObjectName;
      readonly reads: readonly ObjectName[];
      /** An UPDATE in two steps; null where it cannot be taken apart. */
      readonly inTwo?: UpdateInTwo | null;
    }
  | {
      readonly kind: 'create_table';
      readonly table: TableShape;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      readonly duck: DuckSql;
    }
  | {
      readonly kind: 'create_view';
      readonly table: TableShape;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      readonly duck: DuckSql;
    }
  | {
      readonly kind: 'create_procedure';
      readonly procedure: ProcedureShape;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
    }
  | {
      readonly kind: 'create_schema' | 'create_database';
      readonly database: string;
      readonly schema: string | null;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'alter_table';
      readonly target: ObjectName;
      readonly addColumns: readonly ColumnShape[];
      readonly dropColumns: readonly string[];
      readonly duck: DuckSql;
    }
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'view' | 'procedure' | 'schema';
      readonly target: ObjectName;
      readonly ifExists: boolean;
      readonly duck: DuckSql | null;
    }
  /** Arguments are constant expressions or binds, in the procedure's order. */
  | { readonly kind: 'call'; readonly procedure: ProcedureShape; readonly args: readonly CallArgument[] }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | {
      readonly kind: 'use';
      readonly what: 'warehouse' | 'database' | 'schema' | 'role';
      readonly name: string;
      readonly database: string | null;
    }
  | { readonly kind: 'alter_session'; readonly parameters: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'show'; readonly what: string; readonly like: string | null; readonly inObject: ObjectName | null }
  | { readonly kind: 'describe_table'; readonly target: ObjectName }
  | { readonly kind: 'grant'; readonly text: string }
  | { readonly kind: 'explain'; readonly text: string };

export type CallArgument =
  | { readonly kind: 'bind'; readonly index: number }
  | { readonly kind: 'value'; readonly value: string | number | boolean | null };

/** A statement that Snowflake refuses, with its own code: `001003` syntax, `002003` object, `000904` identifier, `001044` argument types … */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly code: string;
  readonly sqlState: string;

  constructor(code: string, sqlState: string, message: string) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }
}

/**
 * A parsed Snowflake Scripting body, run by the server inside the caller's session. `run` returns the value of RETURN. Every SQL statement in
 * it goes through `execute`, so locks, faults and transactions are the server's business; `rowCount` is SQLROWCOUNT afterwards.
 */
export interface ScriptHost {
  execute(
    statement: Compiled,
    binds: readonly BindValue[],
  ): Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly rowCount: number }>;
  catalog(): Catalog;
}
export type BindValue = string | number | boolean | null;

/*
 * What the SQL part offers beside these types (compile.ts, script.ts):
 *
 *   compileStatement(text, catalog, bindCount, bindTypes?): Compiled   throws SqlError. `bindTypes[i]` is the driver's name of the type of bind i
 *                                                                      (TEXT, FIXED, REAL, BOOLEAN); without it a bind is text that coerces.
 *   splitStatements(text): readonly string[]
 *   duckSetup: readonly string[]            run once on the DuckDB database, before anything else (macros)
 *   duckSchema(database, schema): string    DuckDB statement that makes the place for one Snowflake schema's tables
 *   duckTableName(name): string, duckType(type): string, typeFromText(text): SnowflakeType
 *   toSqlError(error): SqlError | null      Snowflake's error for one that DuckDB threw while it ran compiled SQL; null = not an SQL error
 *   variantText(json): string               a VARIANT as Snowflake sends it (keys sorted, two spaces)
 *   runScript(procedure, args, host): Promise<unknown>
 *
 * The DuckDB type of every result column is exactly `duckType(column.type)`; VARIANT, OBJECT and ARRAY are JSON text (DuckDB JSON).
 */
