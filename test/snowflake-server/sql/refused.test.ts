/** Statements that Snowflake refuses, with its code; and values that fail while a statement runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileStatement } from '../../helpers/snowflake-server/sql/compile.ts';
import type { BindValue } from '../../helpers/snowflake-server/sql/statement.ts';
import { refusal, type SqlKit } from './duck-kit.ts';
import { kitWithTable } from './small-table.ts';

let kit: SqlKit;
beforeAll(async () => {
  kit = await kitWithTable();
});
afterAll(() => kit.close());

type Case = readonly [sql: string, code: string, binds?: readonly BindValue[]];

const syntax: readonly Case[] = [
  ['SELEC 1', '001003'],
  ['SELECT FROM t', '001003'],
  ['SELECT a b c FROM t', '001003'],
  ['SELECT (1', '001003'],
  ["SELECT 'open", '001003'],
  ['SELECT a FROM t WHERE', '001003'],
  ['SELECT COUNT(*) FILTER (WHERE a > 1) FROM t', '001003'],
  ['SELECT ARRAY_AGG(a)[1:2] FROM t', '001003'],
  ['SELECT a FROM t LIMIT 1 + 1', '001003'],
  ['SELECT a::NOTYPE FROM t', '001003'],
  ['INSERT t VALUES (1)', '001003'],
  ['UPDATE t a = 1', '001003'],
  ['CREATE TABLE x (a NUMBER, )', '001003'],
  ['BEGIN TRANSACTIONS', '001003'],
  ['SELECT 1; SELECT 2', '001003'],
  ['SELECT a FROM t GROUP BY', '001003'],
  ['PRAGMA version', '001003'],
];

const names: readonly Case[] = [
  ['SELECT nope FROM t', '000904'],
  ['SELECT x.a FROM t', '000904'],
  ['SELECT t.a FROM t AS x', '000904'],
  ['SELECT "a" FROM t', '000904'],
  ['SELECT a FROM t ORDER BY nope', '000904'],
  ['SELECT a FROM t GROUP BY nope', '000904'],
  ['UPDATE t SET nope = 1', '000904'],
  ['INSERT INTO t (a, nope) VALUES (1, 2)', '000904'],
  ['SELECT 1 WHERE :v = 1', '000904'],
  ['SELECT a FROM nope', '002003'],
  ['SELECT a FROM nope.t', '002003'],
  ['SELECT a FROM other.s.t', '002003'],
  ['DELETE FROM nope', '002003'],
  ['DROP TABLE nope', '002003'],
  ['DESCRIBE TABLE nope', '002003'],
  ['SELECT a FROM t AS x, t AS y', '002028'],
  ['SELECT x.a FROM t AS x, t AS x', '002027'],
  ['CREATE TABLE t (a NUMBER)', '002002'],
  ['CREATE TABLE x (a NUMBER, a VARCHAR)', '002025'],
  ['ALTER TABLE t ADD COLUMN a NUMBER', '002025'],
  ['ALTER TABLE t DROP COLUMN nope', '000904'],
];

const functions: readonly Case[] = [
  ['SELECT quantile_cont(a, [0.5]) FROM t', '002140'],
  ["SELECT json_extract_string(v, '$.a') FROM t", '002140'],
  ['SELECT list(a) FROM t', '002140'],
  ["SELECT strftime(d, '%Y') FROM t", '002140'],
  ['SELECT epoch_ms(d) FROM t', '002140'],
  ["SELECT * FROM TABLE(read_csv('x'))", '002140'],
  ['SELECT my.own.f(1)', '002141'],
  ['CALL nope(1)', '002141'],
  ["SELECT LOWER('a', 'b')", '000939'],
  ['SELECT SPLIT_PART(b) FROM t', '000938'],
  ['SELECT COUNT() FROM t', '000938'],
  ['SELECT SUM(ok) FROM t', '001044'],
  ['SELECT b:name FROM t', '001044'],
  ['SELECT COUNT_IF(d) FROM t', '001044'],
  ['SELECT DATE_TRUNC(day, a) FROM t', '001044'],
  ['SELECT ok + 1 FROM t', '001044'],
  ['SELECT DATEADD(fortnight, 1, d) FROM t', '001015'],
  ['SELECT APPROX_PERCENTILE(a, 1.5) FROM t', '001015'],
];

const rules: readonly Case[] = [
  ['SELECT a, COUNT(*) FROM t', '000979'],
  ['SELECT b, SUM(a) FROM t GROUP BY ok', '000979'],
  ['SELECT COUNT(*) FROM t ORDER BY a', '000979'],
  ['SELECT a FROM t GROUP BY 7', '000979'],
  ['SELECT a FROM t WHERE COUNT(*) > 1', '002035'],
  ['SELECT SUM(COUNT(*)) FROM t', '000981'],
  ['SELECT ROW_NUMBER() FROM t', '002300'],
  ['SELECT a FROM t WHERE ROW_NUMBER() OVER (ORDER BY a) = 1', '002303'],
  ['SELECT a FROM t QUALIFY a = 1', '002302'],
  ['SELECT a FROM t WHERE a', '001016'],
  ['SELECT a FROM t WHERE d = TRUE', '001038'],
  ['SELECT a FROM t UNION ALL SELECT a, b FROM t', '001789'],
  ['SELECT a FROM t WHERE a IN (SELECT a, b FROM t)', '002078'],
  ['INSERT INTO t (a, b) VALUES (1)', '002020'],
  ['INSERT INTO t (a, b) SELECT 1', '002020'],
  ["INSERT INTO t (a, v) VALUES (1, PARSE_JSON('{}'))", '002014'],
  ["INSERT INTO t (a, v) SELECT 1, '{}'", '002023'],
  ["INSERT INTO t (a) SELECT PARSE_JSON('1')", '002023'],
  ['UPDATE t SET d = 5', '002023'],
  ['UPDATE t SET c = ok', '002023'],
  ['SELECT TRUE::FLOAT', '001007'],
  ['SELECT d::NUMBER FROM t', '001007'],
  ['SELECT ?', '002049'],
  ['SELECT a FROM t WHERE a = ? AND b = ?', '002049', ['1']],
  ['SELECT a FROM t GROUP BY ROLLUP (a)', '000002'],
  ['CREATE TASK x AS SELECT 1', '000002'],
  ["SELECT {'a': 1}", '000002'],
  ["SELECT a FROM t WHERE (a, b) IN ((1, 'x'))", '000002'],
  ["SELECT a FROM t WHERE b RLIKE 'x'", '000002'],
];

const values: readonly Case[] = [
  ["SELECT 'abc'::NUMBER", '100038'],
  ["SELECT ''::NUMBER", '100038'],
  ["SELECT '1_000'::NUMBER", '100038'],
  ["SELECT '12345'::NUMBER(3,0)", '100039'],
  ['SELECT 12345::NUMBER(3,0)', '100046'],
  ["SELECT 'maybe'::BOOLEAN", '100037'],
  ["SELECT 'x'::TIMESTAMP_NTZ", '100035'],
  ["SELECT '2026-13-01'::DATE", '100040'],
  ['SELECT 1/0', '100051'],
  ['SELECT MOD(1, 0)', '100051'],
  ["SELECT PARSE_JSON('{')", '100069'],
  ['SELECT PARSE_JSON(?)', '100069', ['"\\ud800"']],
  ['SELECT PARSE_JSON(?)', '100069', ['"a\\u0000b"']],
  ['SELECT PARSE_JSON(\'"abc"\')::NUMBER', '100071'],
  ["SELECT PARSE_JSON('[1]')::TIMESTAMP_NTZ", '100071'],
  ["INSERT INTO t (b) VALUES ('x')", '100072'],
  ['UPDATE t SET a = NULL', '100072'],
  ["INSERT INTO t (a, b) VALUES (9, 'too long')", '100078'],
  ["INSERT INTO t (a) VALUES ('x')", '100038'],
  ['INSERT INTO t (a, c) VALUES (9, ?)', '100039', ['123456789012']],
  ['SELECT a FROM t WHERE a = (SELECT a FROM t)', '090150'],
];

const groups: readonly (readonly [string, readonly Case[]])[] = [
  ['what it cannot read', syntax],
  ['names it does not know', names],
  ['functions and their arguments', functions],
  ['what breaks a rule', rules],
  ['values that do not fit', values],
];

describe.each(groups)('%s refused as by Snowflake', (_, cases) => {
  it.each(cases.map(([sql, code, binds = []]) => ({ sql, code, binds })))('$sql → $code', async (one) => {
    expect((await refusal(() => kit.run(one.sql, one.binds))).code).toBe(one.code);
  });
});

describe('the words of a refusal', () => {
  const words: readonly (readonly [string, string, string])[] = [
    ['SELECT 1,\n  FROM t', '42000', "SQL compilation error:\nsyntax error line 2 at position 2 unexpected 'FROM'."],
    ['SELECT 1 +', '42000', "SQL compilation error:\nsyntax error line 1 at position 10 unexpected '<EOF>'."],
    [
      'SELECT a,\n nope FROM t',
      '42000',
      "SQL compilation error: error line 2 at position 1\ninvalid identifier 'NOPE'",
    ],
    ['SELECT 1 FROM Nope', '42S02', "SQL compilation error:\nObject 'NOPE' does not exist or not authorized."],
    ['SELECT nope(1)', '42601', 'SQL compilation error:\nUnknown function NOPE'],
    [
      "SELECT LOWER('a', 1)",
      '22023',
      "SQL compilation error: error line 1 at position 7\ntoo many arguments for function [LOWER('A', 1)] expected 1, got 2",
    ],
    [
      'SELECT SUM(ok) FROM t',
      '42P13',
      "SQL compilation error: error line 1 at position 7\nInvalid argument types for function 'SUM': (BOOLEAN)",
    ],
    [
      "INSERT INTO t (a, v) SELECT 1, 'xy'",
      '22000',
      'SQL compilation error:\nExpression type does not match column data type, expecting VARIANT but got VARCHAR(2) for column V',
    ],
    ["SELECT 'abc'::NUMBER", '22018', "Numeric value 'abc' is not recognized"],
    ['SELECT PARSE_JSON(\'"abc"\')::NUMBER', '22000', 'Failed to cast variant value "abc" to FIXED'],
  ];

  it.each(words)('%s', async (sql, sqlState, message) => {
    expect(await refusal(() => kit.run(sql))).toMatchObject({ sqlState, message });
  });

  it('says which part of the session is missing', async () => {
    const catalog = { ...kit.catalog, currentDatabase: null };
    expect(await refusal(() => compileStatement('SELECT a FROM t', catalog, 0))).toMatchObject({
      code: '090105',
      sqlState: '22000',
    });
  });

  it('counts binds the driver sent and no placeholder takes', async () => {
    expect(await refusal(() => kit.run('SELECT ?', ['a', 'b'], ['TEXT', 'TEXT']))).toMatchObject({ code: '002050' });
  });
});
