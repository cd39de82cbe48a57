/** CREATE TABLE, VIEW, SCHEMA, DATABASE; CREATE PROCEDURE has its own file. */
import { check } from '../check/expression.ts';
import { checkQuery } from '../check/query.ts';
import { renamed } from '../check/query-columns.ts';
import { rootScope, type Compiler, type Relation } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { duckTableName, echo, quote, resolveName } from '../names.ts';
import type { Name } from '../read/ast.ts';
import { expression } from '../read/expression.ts';
import { objectName } from '../read/from.ts';
import { query } from '../read/query.ts';
import type { TokenReader } from '../read/token-reader.ts';
import type { ColumnShape, Compiled, TableShape } from '../statement.ts';
import { columnDefinitions, definitionSql } from './columns.ts';
import { duckSql } from './context.ts';
import { createProcedure } from './procedure.ts';

export function create(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('CREATE');
  const orReplace = reader.takeWord('OR', 'REPLACE');
  if (reader.takeWord('PROCEDURE')) return createProcedure(reader, compiler, orReplace);
  if (reader.takeWord('SCHEMA') || reader.takeWord('TRANSIENT', 'SCHEMA'))
    return createSchema(reader, compiler, orReplace);
  if (reader.takeWord('DATABASE') || reader.takeWord('TRANSIENT', 'DATABASE')) return createDatabase(reader, orReplace);
  if (reader.takeWord('VIEW') || reader.takeWord('SECURE', 'VIEW')) return createView(reader, compiler, orReplace);
  for (const word of ['TRANSIENT', 'LOCAL', 'GLOBAL']) reader.takeWord(word);
  if (['TEMPORARY', 'TEMP', 'VOLATILE'].includes(reader.peek().text)) throw faults.unsupported('TEMPORARY TABLE');
  if (!reader.isWord('TABLE'))
    throw objects.has(reader.peek().text) ? faults.unsupported(`CREATE ${reader.peek().text}`) : reader.unexpected();
  reader.next();
  return createTable(reader, compiler, orReplace);
}

const objects = new Set([
  'WAREHOUSE',
  'ROLE',
  'USER',
  'TASK',
  'STAGE',
  'STREAM',
  'FUNCTION',
  'SEQUENCE',
  'NETWORK',
  'RESOURCE',
  'HYBRID',
  'DYNAMIC',
]);

export const ifNotExists = (reader: TokenReader) => reader.takeWord('IF', 'NOT', 'EXISTS');

interface NewObject {
  readonly name: TableShape['name'];
  readonly written: Name;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
}

/** @throws SqlError 002002 where the name is taken */
function newObject(reader: TokenReader, compiler: Compiler, orReplace: boolean): NewObject {
  const lenient = ifNotExists(reader);
  const written = objectName(reader);
  const name = resolveName(written, compiler.catalog, 'CREATE');
  if (!orReplace && !lenient && compiler.catalog.table(name) !== null) throw faults.exists(echo(written));
  return { name, written, orReplace, ifNotExists: lenient };
}

function createTable(reader: TokenReader, compiler: Compiler, orReplace: boolean): Compiled {
  const object = newObject(reader, compiler, orReplace);
  for (const word of ['LIKE', 'CLONE', 'USING'])
    if (reader.isWord(word)) throw faults.unsupported(`CREATE TABLE … ${word}`);
  const definitions = reader.isSymbol('(') ? columnDefinitions(reader, compiler) : null;
  const columns = definitions?.map((definition) => definition.shape) ?? [];
  const comment = tableOptions(reader, compiler, object, columns);
  const head = `CREATE ${orReplace ? 'OR REPLACE ' : ''}TABLE ${object.ifNotExists ? 'IF NOT EXISTS ' : ''}${duckTableName(object.name)}`;
  if (definitions === null) return tableAs(reader, compiler, object, head, comment);
  if (reader.isWord('AS')) throw faults.unsupported('CREATE TABLE (…) AS SELECT');
  reader.expectEnd();
  const duck = duckSql(`${head} (${definitions.map(definitionSql).join(', ')})`, compiler);
  const table: TableShape = { name: object.name, kind: 'table', columns, comment };
  return { kind: 'create_table', table, ifNotExists: object.ifNotExists, orReplace, duck };
}

function tableAs(
  reader: TokenReader,
  compiler: Compiler,
  object: NewObject,
  head: string,
  comment: string | null,
): Compiled {
  reader.expectWord('AS');
  const rows = checkQuery(query(reader), rootScope(compiler));
  reader.expectEnd();
  const columns = rows.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
  const table: TableShape = { name: object.name, kind: 'table', columns, comment };
  const { ifNotExists: lenient, orReplace } = object;
  return {
    kind: 'create_table',
    table,
    ifNotExists: lenient,
    orReplace,
    duck: duckSql(`${head} AS ${rows.sql}`, compiler),
  };
}

/** CLUSTER BY and the like: checked and without effect here. Returns the comment. */
function tableOptions(
  reader: TokenReader,
  compiler: Compiler,
  { name }: NewObject,
  columns: readonly ColumnShape[],
): string | null {
  let comment: string | null = null;
  for (;;) {
    if (reader.takeWord('CLUSTER', 'BY')) {
      const relation: Relation = {
        alias: name.name,
        object: name,
        duck: quote(name.name),
        columns: columns.map((column) => ({ ...column, duck: quote(column.name) })),
        merged: new Set(),
      };
      const scope = { ...rootScope(compiler), relations: [relation], noAggregates: 'cluster by' };
      reader.inParentheses(() => reader.list(() => check(expression(reader), scope)));
    } else if (!reader.takeWord('COPY', 'GRANTS')) {
      const found = commentOrOption(reader);
      if (found === null) return comment;
      comment = found.comment ?? comment;
    }
  }
}

const optionWords = [
  'DATA_RETENTION_TIME_IN_DAYS',
  'MAX_DATA_EXTENSION_TIME_IN_DAYS',
  'CHANGE_TRACKING',
  'DEFAULT_DDL_COLLATION',
];

/** `COMMENT = 'x'` or another option; null where there is none. */
export function commentOrOption(reader: TokenReader): { readonly comment: string | null } | null {
  if (reader.takeWord('COMMENT')) {
    reader.expectSymbol('=');
    return { comment: reader.string() };
  }
  if (!optionWords.some((word) => reader.takeWord(word))) return null;
  reader.expectSymbol('=');
  reader.next();
  return { comment: null };
}

function comments(reader: TokenReader): string | null {
  let comment: string | null = null;
  for (let found = commentOrOption(reader); found !== null; found = commentOrOption(reader))
    comment = found.comment ?? comment;
  return comment;
}

function createView(reader: TokenReader, compiler: Compiler, orReplace: boolean): Compiled {
  const object = newObject(reader, compiler, orReplace);
  const names = reader.isSymbol('(') ? reader.inParentheses(() => reader.list(() => viewColumn(reader))) : [];
  reader.takeWord('COPY', 'GRANTS'); // a new one gets no grants here that it could lose
  reader.takeWord('COPY', 'GRANTS');
  const comment = comments(reader);
  reader.expectWord('AS');
  const rows = checkQuery(query(reader), rootScope(compiler));
  if (reader.binds > 0) throw faults.unsupported('binds in a view');
  reader.expectEnd();
  const columns = renamed(rows.columns, names).map(({ name, type, nullable }) => ({ name, type, nullable }));
  const twice = columns.find(({ name }, index) => columns.findIndex((column) => column.name === name) !== index);
  if (twice !== undefined) throw faults.columnExists(twice.name);
  const list = columns.map((column) => quote(column.name)).join(', ');
  const lenient = object.ifNotExists;
  const sql = `CREATE ${orReplace ? 'OR REPLACE ' : ''}VIEW ${lenient ? 'IF NOT EXISTS ' : ''}${duckTableName(object.name)} (${list}) AS ${rows.sql}`;
  const table: TableShape = { name: object.name, kind: 'view', columns, comment };
  return { kind: 'create_view', table, ifNotExists: lenient, orReplace, duck: duckSql(sql, compiler) };
}

function viewColumn(reader: TokenReader): string {
  const name = reader.identifier();
  if (reader.takeWord('COMMENT')) reader.string();
  return name;
}

function createSchema(reader: TokenReader, compiler: Compiler, orReplace: boolean): Compiled {
  if (orReplace) throw faults.unsupported('CREATE OR REPLACE SCHEMA');
  const lenient = ifNotExists(reader);
  const [schema = '', databasePart] = objectName(reader).toReversed();
  comments(reader);
  reader.expectEnd();
  const { catalog } = compiler;
  const database = databasePart ?? catalog.currentDatabase;
  if (database === null) throw faults.noCurrentDatabase('CREATE');
  if (!catalog.databaseExists(database)) throw faults.noDatabase(database);
  if (!lenient && catalog.schemaExists(database, schema)) throw faults.exists(`${database}.${schema}`);
  return { kind: 'create_schema', database, schema, ifNotExists: lenient };
}

function createDatabase(reader: TokenReader, orReplace: boolean): Compiled {
  if (orReplace) throw faults.unsupported('CREATE OR REPLACE DATABASE');
  const lenient = ifNotExists(reader);
  const database = reader.identifier();
  comments(reader);
  reader.expectEnd();
  return { kind: 'create_database', database, schema: null, ifNotExists: lenient };
}
