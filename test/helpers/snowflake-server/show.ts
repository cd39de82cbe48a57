/** SHOW and DESCRIBE: the columns that tools read, from what the role may see. No warehouse needed. */
import type { Engine, Running } from './engine.ts';
import { objectAbsent } from './errors.ts';
import { schema, table } from './grants.ts';
import { dotted } from './names.ts';
import { column, statementType, type Outcome } from './outcome.ts';
import { accountRows, yes, type Row } from './show-account.ts';
import type { Compiled, ObjectName } from './sql/statement.ts';
import { typeText } from './sql/types.ts';

type Show = Extract<Compiled, { readonly kind: 'show' }>;

export async function show(engine: Engine, running: Running, statement: Show): Promise<Outcome> {
  const what = statement.what.toLowerCase().replaceAll('_', ' ');
  const rows = (await rowsFor(engine, running, what, statement)).filter((row) =>
    like(statement.like, row['name'] ?? row['key'] ?? ''),
  );
  return listed(statementType.show, columnsOf[what] ?? ['name'], rows);
}

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  databases: [
    'created_on',
    'name',
    'is_default',
    'is_current',
    'origin',
    'owner',
    'comment',
    'options',
    'retention_time',
    'kind',
  ],
  schemas: [
    'created_on',
    'name',
    'is_default',
    'is_current',
    'database_name',
    'owner',
    'comment',
    'options',
    'retention_time',
  ],
  tables: [
    'created_on',
    'name',
    'database_name',
    'schema_name',
    'kind',
    'comment',
    'cluster_by',
    'rows',
    'bytes',
    'owner',
    'retention_time',
  ],
  views: ['created_on', 'name', 'reserved', 'database_name', 'schema_name', 'owner', 'comment', 'text'],
  columns: [
    'table_name',
    'schema_name',
    'column_name',
    'data_type',
    'null?',
    'default',
    'kind',
    'expression',
    'comment',
    'database_name',
    'autoincrement',
  ],
  procedures: [
    'created_on',
    'name',
    'schema_name',
    'is_builtin',
    'arguments',
    'description',
    'catalog_name',
    'is_secure',
  ],
  'user procedures': [
    'created_on',
    'name',
    'schema_name',
    'is_builtin',
    'arguments',
    'description',
    'catalog_name',
    'is_secure',
  ],
  warehouses: [
    'name',
    'state',
    'type',
    'size',
    'running',
    'queued',
    'is_default',
    'is_current',
    'auto_suspend',
    'auto_resume',
    'owner',
    'comment',
    'resource_monitor',
  ],
  roles: ['created_on', 'name', 'is_default', 'is_current', 'is_inherited', 'assigned_to_users', 'owner', 'comment'],
  grants: ['created_on', 'privilege', 'granted_on', 'name', 'granted_to', 'grantee_name', 'grant_option', 'granted_by'],
  parameters: ['key', 'value', 'default', 'level', 'description', 'type'],
  locks: ['resource', 'type', 'transaction', 'transaction_started_on', 'status', 'acquired_on', 'query_id', 'session'],
  transactions: ['id', 'user', 'session', 'name', 'started_on', 'state', 'scope'],
};

async function rowsFor(engine: Engine, running: Running, what: string, statement: Show): Promise<readonly Row[]> {
  const { scope } = running;
  const place = placeOf(running, statement.inObject);
  const inPlace = (name: ObjectName): boolean => place.schema === null || name.schema === place.schema;
  const { sight, account } = engine;
  const databaseName = place.database ?? '';
  switch (what) {
    case 'databases':
      return sight
        .databases(scope.role)
        .map((name) => ({ name, is_current: yes(name === scope.database), kind: 'STANDARD' }));
    case 'schemas':
      return sight.schemas(scope.role, databaseName).map((name) => ({
        name,
        is_current: yes(name === scope.schema),
        database_name: databaseName,
        owner: account.grants.owner(schema(databaseName, name)),
      }));
    case 'tables':
    case 'views':
      return Promise.all(
        sight
          .tables(scope.role, databaseName)
          .filter((shape) => inPlace(shape.name) && shape.kind === what.slice(0, -1))
          .map(async (shape) => ({
            name: shape.name.name,
            database_name: shape.name.database,
            schema_name: shape.name.schema,
            kind: 'TABLE',
            comment: shape.comment ?? '',
            owner: account.grants.owner(table(shape.name)),
          })),
      );
    case 'columns':
      return sight
        .tables(scope.role, databaseName)
        .filter((shape) => inPlace(shape.name) && (place.name === null || shape.name.name === place.name))
        .flatMap((shape) =>
          shape.columns.map((each) => ({
            table_name: shape.name.name,
            schema_name: shape.name.schema,
            column_name: each.name,
            data_type: JSON.stringify({ type: each.type.kind.toUpperCase(), nullable: each.nullable }),
            'null?': each.nullable ? 'true' : 'NOT_NULL',
            kind: 'COLUMN',
            database_name: shape.name.database,
          })),
        );
    case 'procedures':
    case 'user procedures':
      return sight
        .procedures(scope.role, databaseName)
        .filter((shape) => inPlace(shape.name))
        .map((shape) => ({
          name: shape.name.name,
          schema_name: shape.name.schema,
          is_builtin: 'N',
          arguments: `${shape.name.name}(${shape.parameters.map((one) => typeText(one.type)).join(', ')})`,
          description: shape.comment ?? 'user-defined procedure',
          catalog_name: shape.name.database,
        }));
    default:
      return accountRows(engine, running, what, statement);
  }
}

/** @throws SqlError 002003 */
export function describeTable(engine: Engine, running: Running, target: ObjectName): Outcome {
  const shape = engine.sight.reaches(running.scope.role, target, table(target)) ? engine.objects.table(target) : null;
  if (shape === null) throw objectAbsent('Table', dotted(target));
  const rows = shape.columns.map((each) => ({
    name: each.name,
    type: typeText(each.type),
    kind: 'COLUMN',
    'null?': each.nullable ? 'Y' : 'N',
    'primary key': 'N',
    'unique key': 'N',
  }));
  return listed(
    statementType.describe,
    [
      'name',
      'type',
      'kind',
      'null?',
      'default',
      'primary key',
      'unique key',
      'check',
      'expression',
      'comment',
      'policy name',
    ],
    rows,
  );
}

const listed = (statementTypeId: number, names: readonly string[], rows: readonly Row[]): Outcome => ({
  statementTypeId,
  columns: names.map((name) => column(name)),
  rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  rowCount: rows.length,
});

/** IN DATABASE, IN SCHEMA or IN TABLE; the session's own place without it. */
function placeOf(running: Running, inObject: ObjectName | null) {
  const { database, schema: current } = running.scope;
  if (inObject === null) return { database, schema: current, name: null };
  return { database: inObject.database, schema: inObject.schema || null, name: inObject.name || null };
}

/** `%` and `_` as in LIKE, without regard to case. */
function like(pattern: string | null, name: string): boolean {
  if (pattern === null) return true;
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]]/g, String.raw`\$&`)
    .replaceAll(/\\_/g, '\u0000')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
    .replaceAll('\u0000', '_');
  return new RegExp(`^${source}$`, 'is').test(name);
}
