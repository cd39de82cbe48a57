/** A real DuckDB with one Snowflake database and schema, and a catalogue that grows with the statements run on it. */
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import {
  compileStatement,
  duckSchema,
  duckSetup,
  duckTableName,
  duckType,
  toSqlError,
} from '../../helpers/snowflake-server/sql/compile.ts';
import { runScript } from '../../helpers/snowflake-server/sql/script.ts';
import {
  SqlError,
  type BindValue,
  type CallArgument,
  type Catalog,
  type Compiled,
  type DuckSql,
  type ObjectName,
  type ProcedureShape,
  type ResultColumn,
  type TableShape,
} from '../../helpers/snowflake-server/sql/statement.ts';

export interface Answer {
  readonly names: readonly string[];
  readonly rows: readonly (readonly DuckDBValue[])[];
  readonly rowCount: number;
  readonly statement: Compiled;
}

export class SqlKit {
  readonly #connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #tables = new Map<string, TableShape>();
  readonly #procedures = new Map<string, ProcedureShape>();
  /** Kinds of the statements run, oldest first. */
  readonly ran: Compiled['kind'][] = [];
  readonly catalog: Catalog = {
    currentDatabase: 'DB',
    currentSchema: 'S',
    timezone: 'UTC',
    table: (name) => this.#tables.get(duckTableName(name)) ?? null,
    procedure: (name) => this.#procedures.get(duckTableName(name)) ?? null,
    databaseExists: (name) => name === 'DB',
    schemaExists: (database, name) => database === 'DB' && name === 'S',
    sessionFunctions: { CURRENT_ROLE: 'LOADER', CURRENT_WAREHOUSE: null, CURRENT_VERSION: '9.0.0' },
    listTables: () => [...this.#tables.values()],
    listProcedures: () => [...this.#procedures.values()],
    listSchemas: () => ['S'],
  };

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<SqlKit> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const sql of [...duckSetup, duckSchema('DB', 'S')]) await connection.run(sql);
    return new SqlKit(instance, connection);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  compile(text: string, binds: readonly BindValue[] = [], types: readonly string[] = []): Compiled {
    return compileStatement(text, this.catalog, binds.length, types);
  }

  async run(text: string, binds: readonly BindValue[] = [], types: readonly string[] = []): Promise<Answer> {
    const statement = this.compile(text, binds, types);
    if (statement.kind === 'call') return this.#call(statement.procedure, statement.args, binds, statement);
    return this.execute(statement, binds);
  }

  /** Values of the one row or the one column a query answers with. */
  async values(
    text: string,
    binds: readonly BindValue[] = [],
    types: readonly string[] = [],
  ): Promise<readonly unknown[]> {
    const { rows } = await this.run(text, binds, types);
    const cells = rows.length === 1 ? (rows[0] ?? []) : rows.map((row) => row[0] ?? null);
    return cells.map((cell) => (typeof cell === 'object' && cell !== null ? String(cell) : cell));
  }

  async execute(statement: Compiled, binds: readonly BindValue[]): Promise<Answer> {
    this.ran.push(statement.kind);
    const duck = 'duck' in statement ? statement.duck : transactions(statement.kind);
    const answer = duck === null || duck.sql === '' ? null : await this.#duck(duck, binds);
    this.#learn(statement);
    const rows = answer?.rows ?? [];
    const rowCount = statement.kind === 'query' ? rows.length : Number(rows[0]?.[0] ?? 0);
    if (statement.kind === 'query') checkTypes(statement.columns, answer?.types ?? []);
    const names = statement.kind === 'query' ? statement.columns.map((column) => column.name) : [];
    return { names, rows, rowCount, statement };
  }

  async #duck({ sql, bindOrder }: DuckSql, binds: readonly BindValue[]) {
    const values = bindOrder.map((index) => binds[index] ?? null);
    try {
      const reader = await (values.length === 0
        ? this.#connection.runAndReadAll(sql)
        : this.#connection.runAndReadAll(sql, values));
      return {
        rows: reader.getRows(),
        types: reader.columnTypes().map((type) => shownType(type.alias ?? String(type))),
      };
    } catch (error) {
      throw toSqlError(error) ?? new Error(`DuckDB refused: ${sql}`, { cause: error });
    }
  }

  #learn(statement: Compiled): void {
    const place = (name: ObjectName) => duckTableName(name);
    switch (statement.kind) {
      case 'create_table':
      case 'create_view':
        if (statement.ifNotExists && this.#tables.has(place(statement.table.name))) return;
        this.#tables.set(place(statement.table.name), statement.table);
        return;
      case 'create_procedure':
        this.#procedures.set(place(statement.procedure.name), statement.procedure);
        return;
      case 'alter_table': {
        const table = this.#tables.get(place(statement.target));
        if (table === undefined) return;
        const kept = table.columns.filter((column) => !statement.dropColumns.includes(column.name));
        this.#tables.set(place(statement.target), { ...table, columns: [...kept, ...statement.addColumns] });
        return;
      }
      case 'drop':
        this.#tables.delete(place(statement.target));
        this.#procedures.delete(place(statement.target));
        return;
      default:
    }
  }

  async #call(
    procedure: ProcedureShape,
    args: readonly CallArgument[],
    binds: readonly BindValue[],
    statement: Compiled,
  ): Promise<Answer> {
    const values = args.map((arg) => (arg.kind === 'bind' ? (binds[arg.index] ?? null) : arg.value));
    const value = await runScript(procedure, values, {
      catalog: () => this.catalog,
      execute: (inner, innerBinds) => this.execute(inner, innerBinds),
    });
    return { names: [procedure.name.name], rows: [[String(value)]], rowCount: 1, statement };
  }
}

/** What every compiled query promises: the DuckDB type of a column is the one that belongs to its Snowflake type. */
function checkTypes(columns: readonly ResultColumn[], types: readonly string[]): void {
  const promised = columns.map((column) => shownType(duckType(column.type))).join(', ');
  if (types.join(', ') !== promised) throw new Error(`DuckDB answered ${types.join(', ')} instead of ${promised}`);
}

const shownType = (type: string) => type.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ');

function transactions(kind: Compiled['kind']): DuckSql | null {
  const words: Partial<Record<Compiled['kind'], string>> = { begin: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK' };
  const sql = words[kind];
  return sql === undefined ? null : { sql, bindOrder: [] };
}

/** The error's code and the first words of its message. */
export async function refusal(work: () => unknown): Promise<{ code: string; sqlState: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SqlError) return { code: error.code, sqlState: error.sqlState, message: error.message };
    throw error;
  }
  throw new Error('Nothing was refused');
}
