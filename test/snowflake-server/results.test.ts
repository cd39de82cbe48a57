import { describe, expect, it } from 'vitest';
import { run } from './driver.ts';
import { scene } from './scene.ts';

const columns = `
  I NUMBER(38,0), D NUMBER(18,9), F FLOAT, S VARCHAR, B BOOLEAN, DAY DATE,
  NTZ TIMESTAMP_NTZ(3), LTZ TIMESTAMP_LTZ(3), TZ TIMESTAMP_TZ(3), V VARIANT`;

describe('values', () => {
  it('come back as what they were, in every type, and as null', async () => {
    const { open } = await scene();
    const connection = await open();
    await run(connection, "ALTER SESSION SET TIMEZONE = 'UTC'");
    await run(connection, `CREATE TABLE T (${columns})`);
    await run(
      connection,
      `INSERT INTO T SELECT 9007199254740991, 12.345678901, 1.5e-7, 'Grüße, 世界 🙂', TRUE, '2024-02-29',
        '2026-11-23 21:01:36.178', '2026-11-23 21:01:36.178', '2026-11-23 21:01:36.178', PARSE_JSON('{"a":[1,null,"x"]}')`,
    );
    await run(connection, 'INSERT INTO T (I) VALUES (NULL)');
    const { rows } = await run(connection, 'SELECT * FROM T ORDER BY I NULLS LAST');
    const at = new Date('2026-11-23T21:01:36.178Z');
    expect(rows[0]).toMatchObject({
      I: 9007199254740991,
      D: 12.345678901,
      F: 1.5e-7,
      S: 'Grüße, 世界 🙂',
      B: true,
      V: { a: [1, null, 'x'] },
    });
    expect([rows[0]?.['NTZ'], rows[0]?.['LTZ'], rows[0]?.['TZ']].map((value) => Number(value))).toEqual(
      [at, at, at].map(Number),
    );
    expect(Number(rows[0]?.['DAY'])).toBe(Date.UTC(2024, 1, 29));
    expect(Object.values(rows[1] ?? {})).toEqual(Array.from({ length: 10 }, () => null));
  });

  it('keep their text where the driver is asked for text', async () => {
    const { open } = await scene();
    const connection = await open();
    await run(connection, "ALTER SESSION SET TIMEZONE = 'UTC'");
    await run(connection, `CREATE TABLE T (${columns})`);
    await run(connection, "INSERT INTO T (I, D, NTZ) SELECT 12345678901234567890123, 0.1, '1969-12-31 23:59:58.500'");
    const { rows } = await run(connection, 'SELECT I, D, NTZ FROM T', { fetchAsString: ['Number', 'Date'] });
    expect(rows).toEqual([{ I: '12345678901234567890123', D: '0.100000000', NTZ: '1969-12-31 23:59:58.500' }]);
  });

  it('go in by scalar and by array binds', async () => {
    const { open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER, S VARCHAR, B BOOLEAN)');
    const one = await run(connection, 'INSERT INTO T VALUES (?, ?, ?)', { binds: [1, "it's", true] });
    expect(one.changedRows).toBe(1);
    const many = await run(connection, 'INSERT INTO T VALUES (?, ?, ?)', {
      binds: [
        [2, 'b', false],
        [3, null, null],
      ],
    });
    expect(many.changedRows).toBe(2);
    expect((await run(connection, 'SELECT * FROM T ORDER BY I')).rows).toEqual([
      { I: 1, S: "it's", B: true },
      { I: 2, S: 'b', B: false },
      { I: 3, S: null, B: null },
    ]);
    expect((await run(connection, 'SELECT S FROM T WHERE I = ?', { binds: ['2'] })).rows).toEqual([{ S: 'b' }]);
  });
});

describe('changes', () => {
  it('are counted', async () => {
    const { open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER)');
    const counts = [
      await run(connection, 'INSERT INTO T VALUES (1), (2), (3)'),
      await run(connection, 'UPDATE T SET I = I + 1 WHERE I > 1'),
      await run(connection, 'UPDATE T SET I = 0 WHERE I > 100'),
      await run(connection, 'DELETE FROM T'),
      await run(connection, 'SELECT * FROM T'),
    ];
    expect(counts.map(({ changedRows }) => changedRows)).toEqual([3, 2, 0, 3, -1]);
  });

  it('of MERGE are counted by kind', async () => {
    const { open } = await scene();
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER, N NUMBER)');
    await run(connection, 'INSERT INTO T VALUES (1, 0)');
    const merged = await run(
      connection,
      `MERGE INTO T USING (SELECT 1 AS I, 5 AS N UNION ALL SELECT 2, 6) S ON T.I = S.I
       WHEN MATCHED THEN UPDATE SET N = S.N WHEN NOT MATCHED THEN INSERT (I, N) VALUES (S.I, S.N)`,
    );
    expect(merged.rows).toEqual([{ 'number of rows inserted': 1, 'number of rows updated': 1 }]);
    expect((await run(connection, 'SELECT * FROM T ORDER BY I')).rows).toEqual([
      { I: 1, N: 5 },
      { I: 2, N: 6 },
    ]);
  });
});

describe('large results', () => {
  it('come in chunks, all rows once and in order', async () => {
    const { open } = await scene({ inlineRows: 100, rowsPerChunk: 700 });
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER, S VARCHAR)');
    await run(connection, 'INSERT INTO T VALUES (?, ?)', {
      binds: Array.from({ length: 3_000 }, (_, index) => [index, `row ${index}, "quoted"`]),
    });
    const { rows, statement } = await run(connection, 'SELECT * FROM T ORDER BY I');
    expect(statement.getNumRows()).toBe(3_000);
    expect(rows).toHaveLength(3_000);
    expect(rows.every((row, index) => row['I'] === index && row['S'] === `row ${index}, "quoted"`)).toBe(true);
  });

  it('have chunks that open with the key of the answer only', async () => {
    const { server, open } = await scene({ inlineRows: 1, rowsPerChunk: 10 });
    const connection = await open();
    await run(connection, 'CREATE TABLE T (I NUMBER)');
    await run(connection, 'INSERT INTO T VALUES (1), (2), (3)');
    const { statement } = await run(connection, 'SELECT * FROM T');
    const stolen = await fetch(`${server.url}/chunks/${statement.getQueryId()}/0`);
    expect(stolen.status).toBe(403);
  });
});
