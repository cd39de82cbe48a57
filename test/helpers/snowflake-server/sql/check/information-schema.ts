/**
 * INFORMATION_SCHEMA.TABLES, COLUMNS, PROCEDURES and SCHEMATA, written out as constants of what the catalogue lists: they change with every
 * statement, so they lie nowhere. Columns that nothing asks for are left out.
 */
import { informationSchema, quote } from '../names.ts';
import type { Catalog, ProcedureShape, SnowflakeType, TableShape } from '../statement.ts';
import { duckType, integerType, typeText, varchar } from '../types.ts';
import type { Relational } from './scope.ts';
import { textConstant } from './typed.ts';

type Cell = string | number | null;
type Shape = readonly (readonly [string, SnowflakeType])[];

const text = (...names: readonly string[]): Shape => names.map((name) => [name, varchar] as const);

const shapes = {
  TABLES: text('TABLE_CATALOG', 'TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_TYPE'),
  COLUMNS: [
    ...text('TABLE_CATALOG', 'TABLE_SCHEMA', 'TABLE_NAME', 'COLUMN_NAME'),
    ['ORDINAL_POSITION', integerType],
    ...text('IS_NULLABLE', 'DATA_TYPE'),
    ['CHARACTER_MAXIMUM_LENGTH', integerType],
    ['NUMERIC_PRECISION', integerType],
    ['NUMERIC_SCALE', integerType],
    ['DATETIME_PRECISION', integerType],
  ],
  PROCEDURES: text(
    'PROCEDURE_CATALOG',
    'PROCEDURE_SCHEMA',
    'PROCEDURE_NAME',
    'ARGUMENT_SIGNATURE',
    'DATA_TYPE',
    'PROCEDURE_DEFINITION',
  ),
  SCHEMATA: text('CATALOG_NAME', 'SCHEMA_NAME'),
} as const satisfies Record<string, Shape>;

/** Null where there is no such view. */
export function informationView(database: string, view: string, catalog: Catalog): Relational | null {
  switch (view) {
    case 'TABLES':
      return catalog.listTables === undefined
        ? null
        : listed(shapes.TABLES, catalog.listTables(database).map(tableRow));
    case 'COLUMNS':
      return catalog.listTables === undefined
        ? null
        : listed(shapes.COLUMNS, catalog.listTables(database).flatMap(columnRows));
    case 'PROCEDURES':
      return catalog.listProcedures === undefined
        ? null
        : listed(shapes.PROCEDURES, catalog.listProcedures(database).map(procedureRow));
    case 'SCHEMATA':
      return catalog.listSchemas === undefined
        ? null
        : listed(
            shapes.SCHEMATA,
            [...catalog.listSchemas(database), informationSchema].map((schema) => [database, schema]),
          );
    default:
      return null;
  }
}

const tableRow = ({ name, kind }: TableShape): readonly Cell[] => [
  name.database,
  name.schema,
  name.name,
  kind === 'table' ? 'BASE TABLE' : 'VIEW',
];

const plainName = (type: SnowflakeType) => (type.kind === 'varchar' ? 'TEXT' : typeText(type).replace(/\(.*/, ''));

function columnRows({ name, columns }: TableShape): readonly (readonly Cell[])[] {
  return columns.map(({ name: column, type, nullable }, index) => [
    name.database,
    name.schema,
    name.name,
    column,
    index + 1,
    nullable ? 'YES' : 'NO',
    plainName(type),
    type.kind === 'varchar' ? type.length : null,
    type.kind === 'number' ? type.precision : null,
    type.kind === 'number' ? type.scale : null,
    type.kind.startsWith('timestamp') && 'scale' in type ? type.scale : null,
  ]);
}

function procedureRow({ name, parameters, returns, body }: ProcedureShape): readonly Cell[] {
  const signature = parameters.map(
    (parameter) => `${parameter.name} ${plainName(parameter.type).replace('TEXT', 'VARCHAR')}`,
  );
  return [name.database, name.schema, name.name, `(${signature.join(', ')})`, typeText(returns ?? varchar), body];
}

function listed(shape: Shape, rows: readonly (readonly Cell[])[]): Relational {
  const columns = shape.map(([name, type]) => ({ name, duck: quote(name), type, nullable: true }));
  const cell = (value: Cell | undefined, type: SnowflakeType) => {
    const constant =
      value === null || value === undefined ? 'NULL' : typeof value === 'string' ? textConstant(value) : String(value);
    return `CAST(${constant} AS ${duckType(type)})`;
  };
  const line = (row: readonly Cell[]) => `(${shape.map(([, type], index) => cell(row[index], type)).join(', ')})`;
  const lines = rows.length === 0 ? line([]) : rows.map(line).join(', ');
  const names = columns.map((column) => column.duck).join(', ');
  const none = rows.length === 0 ? ' WHERE FALSE' : '';
  return { sql: `SELECT ${names} FROM (VALUES ${lines}) AS "listed"(${names})${none}`, columns };
}
