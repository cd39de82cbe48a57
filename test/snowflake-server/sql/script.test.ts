/** Snowflake Scripting: the product's load procedure, and the language around it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callProcedure, createProcedure } from '../../../gateway/warehouse/snowflake/load-procedure.ts';
import { encodeRows } from '../../../gateway/warehouse/snowflake/batch-json.ts';
import { ddl } from '../../../gateway/warehouse/table.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { refusal, SqlKit } from './duck-kit.ts';

let kit: SqlKit;
beforeEach(async () => {
  kit = await SqlKit.open();
});
afterEach(() => kit.close());

const place = { database: 'db', schema: 's' };
const load = callProcedure(place);
const stream = 'install:epoch';

function batch(count: number): string {
  const rows = encodeRows(generateRows({ count, seed: 3, fromMs: 1_790_000_000_000, toMs: 1_790_000_100_000 }));
  if (!rows.ok) throw new Error(rows.reason);
  return rows.json;
}

describe('the load procedure', () => {
  beforeEach(async () => {
    for (const sql of [...ddl('snowflake'), createProcedure(place)]) await kit.run(sql);
    await kit.run('INSERT INTO stream_offsets (stream_id, last_seq, updated_at) VALUES (?, 0, SYSDATE())', [stream]);
    kit.ran.length = 0;
  });
  const counts = () =>
    kit.values(
      'SELECT COUNT(*), (SELECT COUNT(*) FROM parked_rows), (SELECT MAX(last_seq) FROM stream_offsets) FROM api_usage_metrics',
    );

  it('stores rows and position in one transaction', async () => {
    expect(await kit.values(load, [stream, 0, 20, batch(20), '[]'])).toEqual(['stored']);
    expect(kit.ran).toEqual(['begin', 'update', 'insert', 'insert', 'commit']);
    expect(await counts()).toEqual(['20', '0', '20']);
  });

  it('writes nothing when it is called again, and says where the stream stands', async () => {
    await kit.run(load, [stream, 0, 20, batch(20), '[]']);
    kit.ran.length = 0;
    expect(await kit.values(load, [stream, 0, 20, batch(20), '[]'])).toEqual(['moved:20']);
    expect(kit.ran).toEqual(['begin', 'update', 'rollback', 'query']);
    expect(await counts()).toEqual(['20', '0', '20']);
  });

  it('parks a row', async () => {
    const parked = '[{"seq":1,"reason":"too long","record":{"a":1}}]';
    expect(await kit.values(load, [stream, 0, 1, '[]', parked])).toEqual(['stored']);
    expect(await kit.values('SELECT seq, reason, record:a::NUMBER FROM parked_rows')).toEqual(['1', 'too long', '1']);
  });

  it.each([
    ['a text that is no number', batchWith('"seq":1', '"seq":"x"'), '100071'],
    ['a missing required value', batchWith('"upstream"', '"upstreams"'), '100072'],
    ['JSON that is none', '[{"seq":', '100069'],
    ['a zero character', '[{"call_id":"a\\u0000b"}]', '100069'],
  ])('undoes everything for %s', async (_, rows, code) => {
    const error = await refusal(() => kit.run(load, [stream, 0, 2, rows, '[]']));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^Uncaught exception of type 'STATEMENT_ERROR' on line 17 at position 4 : /);
    expect(kit.ran).toEqual(['begin', 'update', 'insert', 'rollback']);
    expect(await counts()).toEqual(['0', '0', '0']);
  });

  it('keeps the code of a table that is gone', async () => {
    await kit.run('DROP TABLE api_usage_metrics');
    expect(await refusal(() => kit.run(load, [stream, 0, 2, batch(2), '[]']))).toMatchObject({
      code: '002003',
      sqlState: '42S02',
    });
  });

  it('takes a whole batch', async () => {
    expect(await kit.values(load, [stream, 0, 5_000, batch(5_000), '[]'])).toEqual(['stored']);
    expect(await counts()).toEqual(['5000', '0', '5000']);
  });

  it('does not take another number of arguments', async () => {
    expect((await refusal(() => kit.run('CALL load_api_usage(?)', [stream]))).code).toBe('002141');
  });
});

function batchWith(found: string, instead: string): string {
  return batch(2).replace(found, instead);
}

describe('scripts', () => {
  const define = (body: string, parameters = '') =>
    kit.run(
      `CREATE OR REPLACE PROCEDURE p(${parameters}) RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS $$${body}$$`,
    );
  const answer = async (body: string) => {
    await define(body);
    return (await kit.values('CALL p()'))[0];
  };

  it.each([
    ['BEGIN RETURN 1 + 2 * 3; END', '7'],
    ["DECLARE x NUMBER DEFAULT 4; y VARCHAR := 'a'; BEGIN RETURN y || x; END", 'a4'],
    [
      "BEGIN LET x := 1; IF (x = 2) THEN RETURN 'two'; ELSEIF (x = 1) THEN RETURN 'one'; ELSE RETURN '?'; END IF; END",
      'one',
    ],
    ['DECLARE x NUMBER; BEGIN IF (x > 1) THEN RETURN TRUE; END IF; RETURN x IS NULL; END', 'true'],
    ["DECLARE x NUMBER; BEGIN x := '12'; RETURN x + 1; END", '13'],
    ['DECLARE x NUMBER(10,2) DEFAULT 1.5; BEGIN RETURN ROUND(x * 2.25, 1); END', '3.4'],
    ['DECLARE x NUMBER; BEGIN SELECT MAX(column1) INTO :x FROM (VALUES (3), (8)); RETURN x; END', '8'],
    ['DECLARE x NUMBER DEFAULT 5; BEGIN SELECT 1 INTO :x WHERE FALSE; RETURN x IS NULL; END', 'true'],
    ['DECLARE x NUMBER DEFAULT 0; BEGIN BEGIN x := 1; LET y := 2; x := x + y; END; RETURN x; END', '3'],
    ['BEGIN NULL; RETURN NULL; END', 'null'],
  ])('%s', async (body, expected) => {
    expect(await answer(body)).toBe(expected);
  });

  it('counts the rows a statement changed', async () => {
    await kit.run('CREATE TABLE n (a NUMBER)');
    expect(await answer('BEGIN INSERT INTO n SELECT column1 FROM (VALUES (1), (2)); RETURN SQLROWCOUNT; END')).toBe(
      '2',
    );
  });

  it('binds its arguments in SQL and converts them to their types', async () => {
    await define(
      'BEGIN LET found NUMBER; SELECT COUNT(*) INTO :found FROM (VALUES (1), (7)) WHERE column1 >= :least; RETURN found; END',
      'LEAST NUMBER',
    );
    expect(await kit.values('CALL p(?)', ['5'])).toEqual(['1']);
    expect((await refusal(() => kit.run("CALL p('many')"))).code).toBe('100038');
  });

  it('hands an error to its handler, which may end the matter', async () => {
    expect(
      await answer(
        "BEGIN SELECT 1/0; RETURN 'never'; EXCEPTION WHEN OTHER THEN RETURN SQLSTATE || ' ' || SQLCODE; END",
      ),
    ).toBe('22012 100051');
  });

  it('tells its own exceptions from others', async () => {
    const body = (raised: string) =>
      `DECLARE mine EXCEPTION (-20002, 'Mine.'); BEGIN ${raised}; EXCEPTION WHEN mine THEN RETURN SQLERRM; END`;
    expect(await answer(body('RAISE mine'))).toContain("type 'MINE' on line 1");
    await define(body('SELECT 1/0'));
    expect((await refusal(() => kit.run('CALL p()'))).code).toBe('100051');
  });

  it('says where in the body an error came up', async () => {
    await define('\nBEGIN\n  RETURN nope;\nEND');
    const error = await refusal(() => kit.run('CALL p()'));
    expect(error.code).toBe('000904');
    expect(error.message).toContain(
      "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 2 : SQL compilation error:",
    );
  });

  it.each([
    ['BEGIN RETURN 1 END', '001003'],
    ['BEGIN IF x > 1 THEN RETURN 1; END IF; END', '001003'],
    ['RETURN 1;', '001003'],
    ['BEGIN FOR i IN 1 TO 3 DO NULL; END FOR; END', '000002'],
  ])('cannot be created as %s', async (body, code) => {
    expect((await refusal(() => define(body))).code).toBe(code);
  });
});
