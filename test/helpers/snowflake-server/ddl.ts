/** DDL: commits what is open, changes DuckDB and the object store in one transaction, and makes the role that created an object its owner. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { assertNever } from '../../../contract/errors.ts';
import type { Engine, Running } from './engine.ts';
import { insufficientPrivileges, objectAbsent, objectExists } from './errors.ts';
import { administrator, database, procedure, schema, table, type Securable } from './grants.ts';
import { dotted } from './names.ts';
import { dropEntry, keepEntry, securableOf, type Entry } from './objects.ts';
import { statementType, told, type Outcome } from './outcome.ts';
import { asDefinition } from './scopes.ts';
import type { Compiled, ObjectName, TableShape } from './sql/statement.ts';

const definitionKinds = [
  'create_table',
  'create_view',
  'create_procedure',
  'create_schema',
  'create_database',
  'alter_table',
  'drop',
] as const;
type Kinds<K extends Compiled['kind']> = Extract<Compiled, { readonly kind: K }>;
export type Definition = Extract<Compiled, { readonly kind: (typeof definitionKinds)[number] }>;

export function isDefinition(statement: Compiled): statement is Definition {
  return definitionKinds.some((kind) => kind === statement.kind);
}

/** @throws SqlError 002002, 002003, 003001 */
export function define(engine: Engine, running: Running, statement: Definition): Promise<Outcome> {
  return engine.definitions.run(() => {
    switch (statement.kind) {
      case 'create_table':
      case 'create_view':
        return createTable(engine, running, statement);
      case 'create_procedure':
        return createProcedure(engine, running, statement);
      case 'create_schema':
      case 'create_database':
        return createPlace(engine, running, statement);
      case 'alter_table':
        return alterTable(engine, running, statement);
      case 'drop':
        return drop(engine, running, statement);
      default:
        return assertNever(statement);
    }
  });
}

const done = (status: string): Outcome => told(statementType.ddl, status);

async function createTable(
  engine: Engine,
  running: Running,
  statement: Kinds<'create_table' | 'create_view'>,
): Promise<Outcome> {
  const { name } = statement.table;
  const word = statement.kind === 'create_view' ? 'View' : 'Table';
  if (engine.objects.table(name) !== null && !statement.orReplace) {
    if (!statement.ifNotExists) throw objectExists(dotted(name));
    return done(`${name.name} already exists, statement succeeded.`);
  }
  await create(
    engine,
    running,
    { kind: 'table', shape: statement.table },
    {
      lockOn: name,
      duck: statement.duck.sql,
    },
  );
  return done(`${word} ${name.name} successfully created.`);
}

async function createProcedure(
  engine: Engine,
  running: Running,
  statement: Kinds<'create_procedure'>,
): Promise<Outcome> {
  const { name } = statement.procedure;
  if (engine.objects.procedure(name) !== null && !statement.orReplace) {
    if (!statement.ifNotExists) throw objectExists(dotted(name));
    return done(`${name.name} already exists, statement succeeded.`);
  }
  needOwnership(engine, running, procedure(name), engine.objects.procedure(name) !== null);
  const entry: Entry = {
    kind: 'procedure',
    shape: statement.procedure,
    asCaller: /\bEXECUTE\s+AS\s+CALLER\b/i.test(headOf(running)),
  };
  await create(engine, running, entry, { lockOn: null, duck: null });
  return done(`Function ${name.name} successfully created.`);
}

async function createPlace(
  engine: Engine,
  running: Running,
  statement: Kinds<'create_schema' | 'create_database'>,
): Promise<Outcome> {
  const { account, objects } = engine;
  const { scope } = running;
  const place = statement.schema === null ? statement.database : `${statement.database}.${statement.schema}`;
  const name = statement.schema ?? statement.database;
  if (statement.schema === null ? objects.databases.has(place) : objects.schemas.has(place)) {
    if (!statement.ifNotExists) throw objectExists(name);
    return done(`${name} already exists, statement succeeded.`);
  }
  if (statement.schema === null && scope.role !== administrator) throw insufficientPrivileges('account', account.name);
  if (statement.schema !== null && !account.grants.allows(scope.role, 'create schema', database(statement.database))) {
    throw insufficientPrivileges('database', statement.database);
  }
  await createDatabaseOrSchema(engine, running, statement.database, statement.schema);
  scope.database = statement.database;
  scope.schema = statement.schema ?? 'PUBLIC';
  return done(`${statement.schema === null ? 'Database' : 'Schema'} ${name} successfully created.`);
}

/** A new database comes with its schema PUBLIC. */
async function createDatabaseOrSchema(
  engine: Engine,
  running: Running,
  databaseName: string,
  schemaName: string | null,
): Promise<void> {
  const nothing = { lockOn: null, duck: null };
  if (schemaName === null) {
    await create(engine, running, { kind: 'database', database: databaseName }, nothing);
  }
  const inner = schemaName ?? 'PUBLIC';
  const entry: Entry = { kind: 'schema', database: databaseName, schema: inner };
  await create(engine, running, entry, nothing);
}

/** Replacing what is there is dropping it. @throws SqlError 003001 */
function needOwnership(engine: Engine, running: Running, on: Securable, isThere: boolean): void {
  if (!isThere || engine.account.grants.allows(running.scope.role, 'ownership', on)) return;
  throw insufficientPrivileges(on.kind, on.name.split('.').at(-1) ?? on.name);
}

/** The statement up to its body: where options are looked for that the compiler has no use for. */
const headOf = ({ sqlText }: Running): string => sqlText.split('$$', 1)[0] ?? '';

interface Creation {
  readonly lockOn: ObjectName | null;
  readonly duck: string | null;
}

async function create(engine: Engine, running: Running, entry: Entry, creation: Creation): Promise<void> {
  await asDefinition(engine, running, {
    lock: creation.lockOn === null ? null : { table: creation.lockOn, mode: 'define' },
    run: async (connection) => {
      if (creation.duck !== null) await connection.run(creation.duck);
      await keepEntry(connection, entry, running.scope.role);
    },
  });
  engine.objects.put(entry);
  const copyGrants = /\bCOPY\s+GRANTS\b/i.test(headOf(running));
  engine.account.grants.created(securableOf(entry), running.scope.role, copyGrants);
}

async function alterTable(engine: Engine, running: Running, statement: Kinds<'alter_table'>): Promise<Outcome> {
  const before = engine.objects.table(statement.target);
  if (before === null) throw objectAbsent('Table', dotted(statement.target));
  const columns = [
    ...before.columns.filter((column) => !statement.dropColumns.includes(column.name)),
    ...statement.addColumns,
  ];
  await reshape(engine, running, { ...before, columns }, async (connection) => {
    if (statement.duck.sql !== '') await connection.run(statement.duck.sql);
  });
  return done('Statement executed successfully.');
}

/** A table gets another shape: DuckDB and the object store in one transaction. */
export async function reshape(
  engine: Engine,
  running: Running,
  shape: TableShape,
  change: (connection: DuckDBConnection) => Promise<unknown>,
): Promise<void> {
  const entry: Entry = { kind: 'table', shape };
  await asDefinition(engine, running, {
    lock: { table: shape.name, mode: 'define' },
    run: async (connection) => {
      await change(connection);
      await keepEntry(connection, entry, engine.account.grants.owner(table(shape.name)) ?? running.scope.role);
    },
  });
  engine.objects.put(entry);
}

async function drop(engine: Engine, running: Running, statement: Kinds<'drop'>): Promise<Outcome> {
  const { target, what } = statement;
  const { entry, on } = dropped(statement);
  if (!exists(engine, entry)) {
    if (!statement.ifExists) throw objectAbsent(what === 'schema' ? 'Schema' : 'Object', dotted(target));
    return done(`Drop statement executed successfully (${target.name} already dropped).`);
  }
  if (!engine.account.grants.allows(running.scope.role, 'ownership', on)) {
    throw insufficientPrivileges(on.kind, target.name);
  }
  await asDefinition(engine, running, {
    lock: entry.kind === 'table' ? { table: target, mode: 'define' } : null,
    run: async (connection) => {
      if (statement.duck !== null) await connection.run(statement.duck.sql);
      for (const gone of withContents(engine, entry)) await dropEntry(connection, gone.kind, gone.name);
    },
  });
  for (const gone of withContents(engine, entry)) engine.objects.forget(gone.kind, gone.name);
  engine.account.grants.forget(on);
  return done(`${target.name || target.schema} successfully dropped.`);
}

interface Dropped {
  readonly kind: Entry['kind'];
  readonly name: string;
}

function dropped(statement: Kinds<'drop'>): { readonly entry: Dropped; readonly on: Securable } {
  const { target, what } = statement;
  if (what === 'schema') {
    const name = target.name || target.schema;
    return { entry: { kind: 'schema', name: `${target.database}.${name}` }, on: schema(target.database, name) };
  }
  const kind = what === 'procedure' ? 'procedure' : 'table';
  return { entry: { kind, name: dotted(target) }, on: kind === 'table' ? table(target) : procedure(target) };
}

function exists(engine: Engine, { kind, name }: Dropped): boolean {
  const { objects } = engine;
  const map = {
    database: objects.databases,
    schema: objects.schemas,
    table: objects.tables,
    procedure: objects.procedures,
  };
  return map[kind].has(name);
}

/** A schema goes with everything in it. */
function withContents(engine: Engine, entry: Dropped): readonly Dropped[] {
  if (entry.kind !== 'schema') return [entry];
  const inside = (kind: 'table' | 'procedure', names: Iterable<string>): readonly Dropped[] =>
    [...names].filter((name) => name.startsWith(`${entry.name}.`)).map((name) => ({ kind, name }));
  const { tables, procedures } = engine.objects;
  return [entry, ...inside('table', tables.keys()), ...inside('procedure', procedures.keys())];
}
