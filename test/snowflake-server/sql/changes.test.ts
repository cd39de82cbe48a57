/** Statements that change data, objects or the session: what they do to a real DuckDB, and what the server is told about them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ddl } from '../../../gateway/warehouse/table.ts';
import { splitStatements, typeFromText, variantText } from '../../helpers/snowflake-server/sql/compile.ts';
import { refusal, type SqlKit } from './duck-kit.ts';
import { kitWithTable } from './small-table.ts';

let kit: SqlKit;
beforeEach(async () => {
  kit = await kitWithTable();
});
afterEach(() => kit.close());

const name = (table: string) => ({ database: 'DB', schema: 'S', name: table });

describe('data', () => {
  it('takes binds of the types the driver sends', async () => {
    const types = ['FIXED', 'TEXT', 'REAL', 'BOOLEAN', 'TEXT'];
    await kit.run(
      'INSERT INTO t (a, b, f, ok, d) VALUES (?, ?, ?, ?, ?)',
      [7, 'x', 1.5, true, '2026-01-02 03:04:05.678'],
      types,
    );
    expect(await kit.values('SELECT b, f, ok, d FROM t WHERE a = 7')).toEqual([
      'x',
      1.5,
      true,
      '2026-01-02 03:04:05.678',
    ]);
  });

  it('takes every value as text where the column says what it is', async () => {
    await kit.run(
      'INSERT INTO t (a, c, f, ok) VALUES (?, ?, ?, ?)',
      ['7', '1.555', '0.25', 'false'],
      ['TEXT', 'TEXT', 'TEXT', 'TEXT'],
    );
    expect(await kit.values('SELECT c, f, ok FROM t WHERE a = 7')).toEqual(['1.56', 0.25, false]);
  });

  it('stores a VARIANT only from a query', async () => {
    await kit.run(
      'INSERT INTO t (a, v) SELECT f.value:a::NUMBER, f.value:v FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f',
      ['[{"a":8,"v":{"x":[1]}},{"a":9}]'],
    );
    expect(await kit.values('SELECT v:x[0]::NUMBER FROM t WHERE a = 8')).toEqual(['1']);
    expect(await kit.values('SELECT v IS NULL FROM t WHERE a = 9')).toEqual([true]);
  });

  it('updates with a subquery over the same table', async () => {
    const sql = 'UPDATE t SET c = c + 1, b = UPPER(b) WHERE a = 1 AND NOT EXISTS (SELECT 1 FROM t AS o WHERE o.a > ?)';
    expect((await kit.run(sql, [3])).rowCount).toBe(1);
    expect((await kit.run(sql, [2])).rowCount).toBe(0);
    expect(await kit.values('SELECT b, c FROM t WHERE a = 1')).toEqual(['ONE', '2.25']);
  });

  it('updates and deletes by another table', async () => {
    await kit.run("UPDATE t SET b = o.b FROM (SELECT 1 AS a, 'new' AS b) AS o WHERE t.a = o.a");
    await kit.run('DELETE FROM t USING (SELECT 2 AS a) AS o WHERE t.a = o.a');
    expect(await kit.values('SELECT b FROM t ORDER BY a')).toEqual(['new', null]);
  });

  it('merges', async () => {
    const sql = `MERGE INTO t USING (SELECT column1 AS a, column2 AS b FROM (VALUES (1, 'm'), (2, 'gone'), (5, 'n'))) AS s ON t.a = s.a
      WHEN MATCHED AND s.b = 'gone' THEN DELETE
      WHEN MATCHED THEN UPDATE SET b = s.b
      WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, s.b)`;
    expect((await kit.run(sql)).rowCount).toBe(3);
    expect(await kit.values("SELECT a || COALESCE(b, '') FROM t ORDER BY a")).toEqual(['1m', '3', '5n']);
  });

  it('says which table a statement changes and which it reads', () => {
    const statement = kit.compile('INSERT INTO t (a) SELECT x.a FROM t AS x WHERE EXISTS (SELECT 1 FROM t)');
    expect(statement).toMatchObject({ kind: 'insert', target: name('T'), reads: [name('T')] });
  });
});

describe('objects', () => {
  it('creates the tables of the product, again without harm', async () => {
    for (const sql of [...ddl('snowflake'), ...ddl('snowflake')]) await kit.run(sql);
    expect(await kit.values('SELECT COUNT(*) FROM api_usage_metrics')).toEqual(['0']);
  });

  it('creates, replaces and drops', async () => {
    await kit.run(
      "CREATE TRANSIENT TABLE x (a NUMBER DEFAULT 5, b TIMESTAMP_NTZ(3) DEFAULT SYSDATE(), PRIMARY KEY (a)) CLUSTER BY (TO_DATE(b)) COMMENT = 'mine'",
    );
    await kit.run('INSERT INTO x (b) VALUES (DEFAULT)');
    expect(await kit.values('SELECT a, b IS NOT NULL FROM x')).toEqual(['5', true]);
    await kit.run('CREATE OR REPLACE TABLE x (a VARCHAR)');
    await kit.run('CREATE TABLE y AS SELECT a, COUNT(*) AS n FROM t GROUP BY a');
    await kit.run('CREATE OR REPLACE VIEW z (n) AS SELECT n FROM y WHERE n > 0');
    expect(await kit.values('SELECT COUNT(*) FROM x')).toEqual(['0']);
    expect(await kit.values('SELECT SUM(n) FROM z')).toEqual(['3']);
    await kit.run('DROP VIEW z');
    await kit.run('DROP TABLE IF EXISTS never');
    expect((await refusal(() => kit.run('SELECT n FROM z'))).code).toBe('002003');
  });

  it('keeps the comment of tables, views and procedures', () => {
    expect(kit.compile("CREATE TABLE x (a NUMBER) COMMENT = 'it''s'")).toMatchObject({ table: { comment: "it's" } });
    expect(kit.compile("CREATE VIEW x COMMENT = 'c' AS SELECT 1 AS a")).toMatchObject({ table: { comment: 'c' } });
    const sql =
      "CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE SQL COMMENT = 'v1' EXECUTE AS CALLER AS 'BEGIN RETURN 1; END'";
    expect(kit.compile(sql)).toMatchObject({ procedure: { comment: 'v1', returns: { kind: 'varchar' } } });
  });

  it('adds and drops columns', async () => {
    await kit.run("ALTER TABLE t ADD COLUMN g NUMBER(5,1) DEFAULT 1.5, h VARCHAR(3) NOT NULL DEFAULT 'x'");
    expect(await kit.values('SELECT g, h FROM t WHERE a = 1')).toEqual(['1.5', 'x']);
    await kit.run('ALTER TABLE t DROP COLUMN g');
    expect((await refusal(() => kit.run('SELECT g FROM t'))).code).toBe('000904');
    expect((await refusal(() => kit.run("INSERT INTO t (a, h) VALUES (4, 'four')"))).code).toBe('100078');
  });
});

describe('the session', () => {
  it.each([
    ['BEGIN', { kind: 'begin' }],
    ['BEGIN TRANSACTION', { kind: 'begin' }],
    ['START TRANSACTION', { kind: 'begin' }],
    ['COMMIT', { kind: 'commit' }],
    ['ROLLBACK WORK', { kind: 'rollback' }],
    ['USE WAREHOUSE wh', { kind: 'use', what: 'warehouse', name: 'WH', database: null }],
    ['USE SCHEMA db."Mixed"', { kind: 'use', what: 'schema', name: 'Mixed', database: 'DB' }],
    ['USE ROLE loader', { kind: 'use', what: 'role', name: 'LOADER' }],
    ['USE DATABASE db', { kind: 'use', what: 'database', name: 'DB' }],
    ['USE db.s', { kind: 'use', what: 'schema', name: 'S', database: 'DB' }],
    [
      "ALTER SESSION SET TIMEZONE = 'UTC', LOCK_TIMEOUT = 60 AUTOCOMMIT = FALSE",
      { parameters: { TIMEZONE: 'UTC', LOCK_TIMEOUT: 60, AUTOCOMMIT: false } },
    ],
    [
      "SHOW TABLES LIKE 'API%' IN SCHEMA db.s",
      { kind: 'show', what: 'tables', like: 'API%', inObject: { database: 'DB', schema: 'S', name: '' } },
    ],
    ['SHOW TERSE SCHEMAS IN DATABASE db', { what: 'schemas', inObject: { database: 'DB', schema: '', name: '' } }],
    ['SHOW GRANTS TO ROLE loader', { what: 'grants', inObject: { name: 'LOADER' } }],
    ['SHOW GRANTS ON PROCEDURE load(VARCHAR, NUMBER)', { what: 'grants', inObject: { ...name('LOAD') } }],
    ['SHOW WAREHOUSES', { what: 'warehouses', like: null, inObject: null }],
    ['DESC TABLE t', { kind: 'describe_table', target: name('T') }],
    ['GRANT SELECT ON TABLE t TO ROLE r', { kind: 'grant' }],
    ['EXPLAIN SELECT 1', { kind: 'explain' }],
    [
      'CREATE SCHEMA IF NOT EXISTS db.other',
      { kind: 'create_schema', database: 'DB', schema: 'OTHER', ifNotExists: true },
    ],
    ['CREATE DATABASE more', { kind: 'create_database', database: 'MORE', schema: null }],
    ['DROP SCHEMA s', { kind: 'drop', what: 'schema' }],
  ])('%s', (sql, expected) => {
    expect(kit.compile(sql)).toMatchObject(expected);
  });
});

describe('texts', () => {
  it('are split at semicolons outside of constants, comments and bodies', () => {
    const text = 'SELECT \';\' -- ;\n; /* ; */ SELECT $$ a; b $$;\n;SELECT ";"';
    expect(splitStatements(text)).toEqual(["SELECT ';' -- ;", '/* ; */ SELECT $$ a; b $$', 'SELECT ";"']);
  });

  it('name types in all of their spellings', () => {
    expect(
      ['NUMBER', 'decimal(10, 2)', 'BIGINT', 'string', 'DOUBLE PRECISION', 'TIMESTAMP_NTZ(3)'].map(typeFromText),
    ).toEqual([
      { kind: 'number', precision: 38, scale: 0 },
      { kind: 'number', precision: 10, scale: 2 },
      { kind: 'number', precision: 38, scale: 0 },
      { kind: 'varchar', length: 16_777_216 },
      { kind: 'float' },
      { kind: 'timestamp_ntz', scale: 3 },
    ]);
  });

  it('show a VARIANT with sorted keys, two spaces a level and every digit', () => {
    expect(variantText('{"b":[1,{"x":null}],"a":12345678901234567890,"e":[],"s":"{\\"k\\": 1}"}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "b": [\n    1,\n    {\n      "x": null\n    }\n  ],\n  "e": [],\n  "s": "{\\"k\\": 1}"\n}',
    );
    expect(variantText('"text"')).toBe('"text"');
  });
});
