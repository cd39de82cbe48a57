/** Statements that Snowflake accepts, run on a real DuckDB: the values are Snowflake's, told by its documentation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BindValue } from '../../helpers/snowflake-server/sql/statement.ts';
import type { SqlKit } from './duck-kit.ts';
import { kitWithTable } from './small-table.ts';

let kit: SqlKit;
beforeAll(async () => {
  kit = await kitWithTable();
});
afterAll(() => kit.close());

/** One row or one column of values; DECIMAL, DATE and TIMESTAMP as text. */
type Case = readonly [sql: string, expected: readonly unknown[], binds?: readonly BindValue[]];

const arithmetic: readonly Case[] = [
  ['SELECT 1/2', ['0.500000']],
  ['SELECT 10/4.00', ['2.500000']],
  ['SELECT 1::FLOAT/4', [0.25]],
  ['SELECT 2 + 3 * 4 - 1', ['13']],
  ['SELECT 1.5 * 2.25', ['3.375']],
  ['SELECT -7 % 3, MOD(12345678901234567 * 7, 10)', ['-1', '9']],
  [
    'SELECT ROUND(2.345, 2), ROUND(-2.5), FLOOR(-1.5), CEIL(1.2), TRUNC(1.9), ABS(-3)',
    ['2.35', '-3', '-2', '2', '1', '3'],
  ],
  ['SELECT DIV0(1, 0), DIV0(1, 2), ZEROIFNULL(c) FROM t WHERE a = 3', ['0.000000', '0.500000', '0.00']],
  ['SELECT GREATEST(1, NULL), LEAST(3, 2), GREATEST(1, 2.5)', [null, '2', '2.5']],
  ["SELECT '1' + 2", ['3.00000']],
  ['SELECT SUM(a), AVG(a), SUM(c), AVG(c), SUM(f) FROM t', ['6', '2.000000', '-2.25', '-1.12500000', 1000.5]],
];

const choosing: readonly Case[] = [
  ["SELECT IFF(a > 1, 'big', 'small') FROM t ORDER BY a", ['small', 'big', 'big']],
  [
    "SELECT NVL(b, 'none'), NVL2(b, 'x', 'y'), COALESCE(NULL, b, '?'), IFNULL(c, 0) FROM t WHERE a = 3",
    ['none', 'y', '?', '0.00'],
  ],
  ['SELECT NULLIF(1, 1), NULLIF(2, 1), EQUAL_NULL(NULL, NULL)', [null, '2', true]],
  ["SELECT CASE a WHEN 1 THEN 'one' WHEN 2 THEN 'two' END FROM t ORDER BY a", ['one', 'two', null]],
  ['SELECT a FROM t WHERE a IN (1, 3) AND a NOT IN (3)', ['1']],
  ['SELECT a FROM t WHERE a BETWEEN 2 AND 5 ORDER BY a', ['2', '3']],
  ["SELECT a FROM t WHERE b LIKE 'o%' OR b ILIKE 'T_O' ORDER BY a", ['1', '2']],
  ["SELECT a FROM t WHERE b LIKE 'O%'", []],
  ["SELECT 'a' = 'A', 'a' < 'b', 'Z' < 'a'", [false, true, true]],
  ['SELECT a FROM t WHERE b IS NULL', ['3']],
  ['SELECT a FROM t WHERE b IS NOT DISTINCT FROM NULL', ['3']],
  ['SELECT a FROM t WHERE ok', ['1']],
  ['SELECT a FROM t WHERE NOT COALESCE(ok, FALSE) ORDER BY a', ['2', '3']],
  ["SELECT a FROM t WHERE a = '2'", ['2']],
];

const ordering: readonly Case[] = [
  ['SELECT a FROM t ORDER BY c', ['2', '1', '3']],
  ['SELECT a FROM t ORDER BY c DESC', ['3', '1', '2']],
  ['SELECT a FROM t ORDER BY c DESC NULLS LAST', ['1', '2', '3']],
  ['SELECT a AS x FROM t ORDER BY x DESC LIMIT 1 OFFSET 1', ['2']],
  ['SELECT TOP 1 a FROM t ORDER BY 1 DESC', ['3']],
  ['SELECT -a AS a FROM t ORDER BY a', ['-3', '-2', '-1']],
  ['SELECT a FROM t ORDER BY a LIMIT ?', ['1', '2'], [2]],
  ['SELECT a FROM (SELECT a FROM t UNION ALL SELECT 9) ORDER BY a DESC', ['9', '3', '2', '1']],
  ['SELECT a FROM t UNION SELECT 1 ORDER BY a', ['1', '2', '3']],
  ['SELECT a FROM t EXCEPT SELECT 2 ORDER BY 1', ['1', '3']],
];

const grouping: readonly Case[] = [
  ['SELECT a > 1 AS big, COUNT(*) AS n FROM t GROUP BY big ORDER BY n', [false, true]],
  ['SELECT COALESCE(b, ?) AS name, COUNT(*) FROM t GROUP BY name ORDER BY name', ['?', 'one', 'two'], ['?']],
  ['SELECT ok, COUNT(*) FROM t GROUP BY ALL ORDER BY 1 DESC', [null, true, false]],
  ['SELECT MAX(a) FROM t GROUP BY ok HAVING COUNT(b) = 0', ['3']],
  [
    'SELECT COUNT(*), COUNT(b), COUNT(DISTINCT ok), COUNT_IF(a > 1), APPROX_COUNT_DISTINCT(a) FROM t',
    ['3', '2', '2', '2', '3'],
  ],
  ['SELECT MAX_BY(b, a), MIN_BY(b, a), MEDIAN(a) FROM t WHERE a < 3', ['two', 'one', '1.500']],
  [
    'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a), PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY a) FROM t',
    ['2.000', '2'],
  ],
  ['SELECT APPROX_PERCENTILE(f, 0.5) FROM t', [500.25]],
  ["SELECT LISTAGG(b, '+') WITHIN GROUP (ORDER BY a DESC) FROM t", ['two+one']],
  ['SELECT LISTAGG(b) FROM t WHERE FALSE', ['']],
  ['SELECT a FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY ok IS NULL ORDER BY a DESC) = 1 ORDER BY a', ['2', '3']],
  ['SELECT SUM(COUNT(*)) OVER () FROM t GROUP BY ok LIMIT 1', ['3']],
  ['SELECT LAG(a) OVER (ORDER BY a), LAST_VALUE(a) OVER (ORDER BY a) FROM t ORDER BY a LIMIT 1', [null, '3']],
  ['SELECT SUM(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY a', ['1', '3', '5']],
];

const times: readonly Case[] = [
  ['SELECT TO_TIMESTAMP_NTZ(1767225600123, 3)', ['2026-01-01 00:00:00.123']],
  [
    "SELECT DATEADD(month, 1, e), DATEADD('hour', 2, d), DATEADD(minute, -1, e) FROM t WHERE a = 1",
    ['2026-02-28', '2026-01-31 12:20:30.456', '2026-01-30 23:59:00'],
  ],
  [
    "SELECT DATEDIFF(day, '2026-01-01 23:59:59'::TIMESTAMP, '2026-01-02'), DATEDIFF('month', e, '2026-03-01'::DATE) FROM t WHERE a = 1",
    ['1', '2'],
  ],
  ["SELECT DATE_TRUNC('week', e), DATE_TRUNC(hour, d) FROM t WHERE a = 1", ['2026-01-26', '2026-01-31 10:00:00']],
  ["SELECT CONVERT_TIMEZONE('UTC', 'America/New_York', '2026-07-01 12:00:00'::TIMESTAMP_NTZ)", ['2026-07-01 08:00:00']],
  [
    "SELECT CONVERT_TIMEZONE('Asia/Tokyo', '2026-07-01 12:00:00Z'::TIMESTAMP_TZ)::TIMESTAMP_NTZ",
    ['2026-07-01 21:00:00'],
  ],
  ["SELECT '2026-01-01T10:00:00.9999+02:00'::TIMESTAMP_NTZ(3)", ['2026-01-01 10:00:00.999']],
  [
    'SELECT YEAR(d), EXTRACT(minute FROM d), DATE_PART(epoch_millisecond, d) FROM t WHERE a = 1',
    ['2026', '20', '1769854830456'],
  ],
  [
    "SELECT TO_CHAR(d, 'YYYY-MM-DD HH24:MI'), d::VARCHAR FROM t WHERE a = 1",
    ['2026-01-31 10:20', '2026-01-31 10:20:30.456'],
  ],
  ['SELECT CURRENT_TIMESTAMP() > DATEADD(day, -1, SYSDATE()), CURRENT_DATE IS NULL', [true, false]],
  ["SELECT TO_DATE('2026-05-06'), TRY_TO_DATE('x'), TRY_CAST('x' AS TIMESTAMP)", ['2026-05-06', null, null]],
];

const variants: readonly Case[] = [
  [
    "SELECT v:name::VARCHAR, v['name']::VARCHAR, v:list[0]::NUMBER, v:list[1].deep::BOOLEAN, v:nope::VARCHAR FROM t WHERE a = 1",
    ['n1', 'n1', '10', true, null],
  ],
  ['SELECT v:Big::NUMBER(38,0), v:big::NUMBER FROM t WHERE a = 1', ['12345678901234567890', null]],
  ['SELECT GET(v, ?)::VARCHAR FROM t WHERE a = 1', ['n1'], ['name']],
  ['SELECT v:name::VARCHAR IS NULL, IS_NULL_VALUE(v:name) FROM t WHERE a = 2', [true, true]],
  [
    "SELECT PARSE_JSON('{\"a\":[1,2]}'):a[1]::NUMBER, TRY_PARSE_JSON('{') IS NULL, PARSE_JSON('') IS NULL",
    ['2', true, true],
  ],
  [
    "SELECT f.value::NUMBER, f.index FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[5,6]'))) AS f ORDER BY f.index LIMIT 1",
    ['5', '0'],
  ],
  ['SELECT f.key FROM TABLE(FLATTEN(PARSE_JSON(\'{"x":1,"y":2}\'))) f ORDER BY 1', ['x', 'y']],
  ['SELECT f.value::VARCHAR FROM t, LATERAL FLATTEN(INPUT => t.v:list) f WHERE a = 1 AND f.index = 0', ['10']],
  [
    "SELECT OBJECT_CONSTRUCT('a', 1, 'gone', NULL, 'b', 'x'), ARRAY_CONSTRUCT(1, 'x'), ARRAY_SIZE(PARSE_JSON('[1,2,3]'))",
    ['{"a":1,"b":"x"}', '[1,"x"]', '3'],
  ],
  ['SELECT TO_JSON(v:list) FROM t WHERE a = 2', ['[]']],
  ['SELECT ARRAY_AGG(a) WITHIN GROUP (ORDER BY a DESC) FROM t', ['[3,2,1]']],
  ['SELECT TYPEOF(v:list), v:list[0] = 10 FROM t WHERE a = 1', ['ARRAY', true]],
];

const meetings: readonly Case[] = [
  ['SELECT a FROM t WHERE v:list[0] > 5', ['1']],
  ["SELECT a FROM t WHERE v:name = 'n1' AND v:list[0] = '10'", ['1']],
  ['SELECT 123456 IN (SELECT 1 UNION ALL SELECT 123456)', [true]],
  [
    'SELECT f.value:x + g.value:x FROM TABLE(FLATTEN(PARSE_JSON(?))) f, TABLE(FLATTEN(PARSE_JSON(?))) g',
    [3],
    ['[{"x":1}]', '[{"x":2}]'],
  ],
  [
    'SELECT f.value:x:y::NUMBER, f.value:x::VARCHAR, f.value:x:y::VARCHAR FROM TABLE(FLATTEN(PARSE_JSON(?))) f',
    ['1', '{"y":1}', '1'],
    ['[{"x":{"y":1}}]'],
  ],
  [
    'SELECT f.value:k::VARCHAR AS k, COUNT(*) FROM TABLE(FLATTEN(PARSE_JSON(?))) f GROUP BY k ORDER BY k',
    ['a', 'b'],
    ['[{"k":"b"},{"k":"a"},{"k":"b"}]'],
  ],
  ["SELECT d > '2026-02-01', e = '2026-01-31', ok = 'yes', 1.5 = '1.50' FROM t WHERE a = 1", [false, true, true, true]],
  ["SELECT COALESCE(v:name, 'none')::VARCHAR FROM t WHERE a = 3", ['none']],
  [
    'SELECT a FROM t AS x WHERE EXISTS (SELECT 1 FROM TABLE(FLATTEN(x.v:list)) f WHERE f.value::VARCHAR = ?)',
    ['1'],
    ['10'],
  ],
  ['SELECT a + 1 AS x, x * 2 AS y FROM t GROUP BY a ORDER BY y LIMIT 1', ['2', '4']],
];

const texts: readonly Case[] = [
  [
    "SELECT LOWER('AbC'), UPPER('x'), LENGTH('häh'), SUBSTR('abcdef', 2, 3), SUBSTR('abc', -2), LEFT('abc', 2)",
    ['abc', 'X', '3', 'bcd', 'bc', 'ab'],
  ],
  [
    "SELECT SPLIT_PART('a:b:c', ':', 2), SPLIT_PART('a:b:c', ':', -1), CONTAINS('abc', 'bc'), STARTSWITH('abc', 'x')",
    ['b', 'c', true, false],
  ],
  [
    "SELECT 'a' || 1 || NULL, 'a' || 1, CONCAT('a', 'b'), TRIM('  x '), REPLACE('abc', 'b', '')",
    [null, 'a1', 'ab', 'x', 'ac'],
  ],
  ["SELECT 'it''s', 'tab\\t', $$raw 'x' \\n$$", ["it's", 'tab\t', "raw 'x' \\n"]],
  ["SELECT 'abcdef'::VARCHAR(3), 12::VARCHAR, 1.50::VARCHAR, TRUE::VARCHAR", ['abc', '12', '1.50', 'true']],
  [
    "SELECT '12.50'::NUMBER(10,1), '1e2'::NUMBER, 'yes'::BOOLEAN, 0::BOOLEAN, TRY_TO_NUMBER('x')",
    ['12.5', '100', true, false, null],
  ],
];

const shapes: readonly Case[] = [
  ['SELECT 1 WHERE EXISTS (SELECT 1 FROM t) AND NOT EXISTS (SELECT 1 FROM t AS o WHERE o.a > 5)', ['1']],
  ['SELECT a FROM t WHERE a = (SELECT MAX(o.a) FROM t AS o WHERE o.a < t.a + 1) AND a > 2', ['3']],
  ['WITH big AS (SELECT a FROM t WHERE a > 1), one (n) AS (SELECT COUNT(*) FROM big) SELECT n FROM one', ['2']],
  ['SELECT x.a, y.a FROM t AS x LEFT JOIN t AS y ON y.a = x.a + 2 ORDER BY x.a LIMIT 1', ['1', '3']],
  ['SELECT a FROM t JOIN (SELECT 2 AS a) AS o USING (a)', ['2']],
  ["SELECT column1, column2 FROM VALUES (1, 'x')", ['1', 'x']],
  ['SELECT v.n FROM VALUES (1), (2) AS v (n) ORDER BY n', ['1', '2']],
  ['SELECT -column1 AS n FROM VALUES (1), (2) ORDER BY n', ['-2', '-1']],
  ['SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 7))', ['7']],
  ['SELECT t.* EXCLUDE (c, d, e, f, ok, v) FROM t WHERE a = 1', ['1', 'one']],
  ['SELECT CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_VERSION()', ['LOADER', null, '9.0.0']],
  ['SELECT ?, ?::NUMBER, ? + 1', ['x', '5', '3.00000'], ['x', '5', '2']],
  ["SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'S'", ['T', 'BASE TABLE']],
  [
    "SELECT data_type FROM db.information_schema.columns WHERE table_name = 'T' ORDER BY ordinal_position LIMIT 3",
    ['NUMBER', 'TEXT', 'NUMBER'],
  ],
  ['/* a */ SELECT 1 -- b\n // c\n;', ['1']],
  ['SELECT a AS "lower", "lower" + 1 AS next FROM t WHERE "lower" = 1', ['1', '2']],
];

const groups: readonly (readonly [string, readonly Case[]])[] = [
  ['arithmetic', arithmetic],
  ['conditions', choosing],
  ['order', ordering],
  ['groups and windows', grouping],
  ['dates and timestamps', times],
  ['semi-structured values', variants],
  ['values of several types', meetings],
  ['text', texts],
  ['queries', shapes],
];

describe.each(groups)('%s as in Snowflake', (_, cases) => {
  it.each(cases.map(([sql, expected, binds = []]) => ({ sql, expected, binds })))('$sql', async (one) => {
    expect(await kit.values(one.sql, one.binds)).toEqual(one.expected);
  });
});

describe('result columns', () => {
  const typesOf = (sql: string) => {
    const statement = kit.compile(sql);
    return statement.kind === 'query'
      ? statement.columns.map(({ name, type }) =>
          [name, type.kind, ...('precision' in type ? [type.precision, type.scale] : [])].join(' '),
        )
      : [];
  };

  it('are named in upper case unless their alias is quoted', () => {
    expect(
      typesOf('SELECT a, a AS x, a AS "y", COUNT(*), max(a)+1 FROM t GROUP BY a').map((text) => text.split(' ')[0]),
    ).toEqual(['A', 'X', 'y', 'COUNT(*)', 'MAX(A)+1']);
  });

  it('have the precision and scale that Snowflake gives them', () => {
    expect(
      typesOf(
        'SELECT COUNT(*) AS n, SUM(a) AS s, SUM(c) AS t, AVG(a) AS m, SUM(f) AS x, APPROX_PERCENTILE(a, 0.9) AS p, MAX(e) AS d FROM t',
      ),
    ).toEqual(['N number 18 0', 'S number 38 0', 'T number 38 2', 'M number 38 6', 'X float', 'P float', 'D date']);
  });
});
