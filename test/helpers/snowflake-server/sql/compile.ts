/**
 * Snowflake SQL → DuckDB SQL: the SQL half of a stand-in for a service that tests cannot reach.
 *
 * It is built from Snowflake's documentation (grammar, functions, conversion rules, reserved words) and from error texts with their codes that
 * users of real accounts published (faults.ts). Every statement is parsed and checked against a catalogue before DuckDB sees it, so what is
 * not in the tables of this folder is refused: DuckDB's own dialect does not leak through. What Snowflake has and this folder has not is
 * refused as 000002 `Unsupported feature`, which a test should read as "teach the stand-in", never as Snowflake's answer.
 *
 * It cannot prove: that Snowflake accepts a statement for certain, limits of size and time, precision beyond a double in quotients, rows of
 * MERGE that match twice (100090), SEQ of FLATTEN, order of rows without ORDER BY, offsets of TIMESTAMP_TZ columns, digits of a second
 * after the sixth, two keys of one name in JSON (an error in Snowflake), names that differ in case only (one name for DuckDB), syntax errors
 * inside a procedure's statements before it runs, error codes marked `code unseen`, and the exact place and echo of an expression inside a message.
 *
 * reading (read/) → checking (check/, functions/) → one file a statement (statements/) → a DuckDB text with `?`.
 */
import { checkQuery } from './check/query.ts';
import { rootScope, type Binds, type Compiler } from './check/scope.ts';
import { textConstant, type Typed } from './check/typed.ts';
import { faults } from './faults.ts';
import { query, readerOf } from './read/query.ts';
import type { TokenReader } from './read/token-reader.ts';
import { parseType } from './read/type.ts';
import type { Catalog, Compiled, ResultColumn, SnowflakeType } from './statement.ts';
import { alterTable, drop } from './statements/alter.ts';
import { remove, truncate, update } from './statements/change.ts';
import { duckSql, readsOf } from './statements/context.ts';
import { create } from './statements/create.ts';
import { insert } from './statements/insert.ts';
import { merge } from './statements/merge.ts';
import { call } from './statements/procedure.ts';
import { alterSession, begin, describe, end, explain, grant, show, use } from './statements/session.ts';
import { floatType, integerType, varchar } from './types.ts';

export { duckSetup } from './duck-setup.ts';
export { duckSchema, duckTableName } from './names.ts';
export { splitStatements } from './read/lexer.ts';
export { toSqlError } from './run-time-faults.ts';
export { duckType } from './types.ts';
export { variantText } from './variant-text.ts';

const defaultZone = 'America/Los_Angeles';

const bindTypesByName: Readonly<Record<string, SnowflakeType>> = {
  TEXT: varchar,
  FIXED: integerType,
  REAL: floatType,
  BOOLEAN: { kind: 'boolean' },
};

/**
 * `bindTypes` are the driver's names (TEXT, FIXED, REAL, BOOLEAN); without them a bind is text that takes any type.
 * @throws SqlError
 */
export function compileStatement(
  text: string,
  catalog: Catalog,
  bindCount: number,
  bindTypes: readonly string[] = [],
): Compiled {
  const types = bindTypes.length === 0 ? null : bindTypes.map((name) => bindTypesByName[name] ?? varchar);
  return compileWith(text, catalog, { count: bindCount, types, variable: () => null });
}

/** As {@link compileStatement}, with script variables for binds. */
export function compileWith(text: string, catalog: Catalog, binds: Binds): Compiled {
  const reader = readerOf(text);
  const compiled = statement(reader, compilerOf(catalog, binds), text);
  if (reader.binds > binds.count) throw faults.bindNotSet(reader.peek());
  if (binds.count > reader.binds && binds.types !== null) throw faults.tooManyBinds(reader.binds, binds.count);
  return compiled;
}

export function compilerOf(catalog: Catalog, binds: Binds): Compiler {
  return {
    catalog,
    binds,
    reads: [],
    taken: [],
    zone: textConstant(catalog.timezone ?? defaultZone),
    query: checkQuery,
  };
}

type Statement = (reader: TokenReader, compiler: Compiler, text: string) => Compiled;

const statements: Readonly<Record<string, Statement>> = {
  SELECT: queryStatement,
  WITH: queryStatement,
  VALUES: queryStatement,
  INSERT: insert,
  UPDATE: update,
  DELETE: remove,
  TRUNCATE: truncate,
  MERGE: merge,
  CREATE: create,
  DROP: drop,
  CALL: call,
  BEGIN: begin,
  START: begin,
  COMMIT: end,
  ROLLBACK: end,
  USE: use,
  ALTER: (reader, compiler) => (reader.isWord('ALTER', 'SESSION') ? alterSession(reader) : alter(reader, compiler)),
  SHOW: show,
  DESCRIBE: describe,
  DESC: describe,
  GRANT: (reader, _, text) => grant(reader, text),
  REVOKE: (reader, _, text) => grant(reader, text),
  EXPLAIN: (reader, _, text) => explain(reader, text),
};

function alter(reader: TokenReader, compiler: Compiler): Compiled {
  if (!reader.isWord('ALTER', 'TABLE')) throw faults.unsupported(`ALTER ${reader.peek(1).text}`);
  return alterTable(reader, compiler);
}

function statement(reader: TokenReader, compiler: Compiler, text: string): Compiled {
  const first = reader.peek();
  if (first.kind === 'symbol' && first.text === '(') return queryStatement(reader, compiler);
  const parse = first.kind === 'word' && Object.hasOwn(statements, first.text) ? statements[first.text] : undefined;
  if (parse === undefined) throw reader.unexpected();
  return parse(reader, compiler, text);
}

function queryStatement(reader: TokenReader, compiler: Compiler): Compiled {
  const parsed = query(reader);
  reader.expectEnd();
  const { sql, columns } = checkQuery(parsed, rootScope(compiler));
  const results: readonly ResultColumn[] = columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
  return { kind: 'query', duck: duckSql(sql, compiler), columns: results, reads: readsOf(compiler) };
}

/** A query of one expression, for scripts; bare names are variables. */
export function compileValue(value: Typed, compiler: Compiler): Compiled {
  const type = value.type.kind === 'null' || value.type.kind === 'bind' ? varchar : value.type;
  const columns = [{ name: 'VALUE', type, nullable: true }];
  return {
    kind: 'query',
    duck: duckSql(`SELECT ${value.sql} AS "VALUE"`, compiler),
    columns,
    reads: readsOf(compiler),
  };
}

/** @throws SqlError 001003 */
export function typeFromText(text: string): SnowflakeType {
  const reader = readerOf(text);
  const type = parseType(reader);
  reader.expectEnd();
  return type;
}
