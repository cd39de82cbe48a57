import { describe, expect, it } from 'vitest';
import { standardNames } from '../helpers/snowflake-server/standard-account.ts';
import { refusalOf, run } from './driver.ts';
import { scene } from './scene.ts';

const { role } = standardNames;
const procedure = (options: string): string => `CREATE OR REPLACE PROCEDURE ADD_ROW(V NUMBER) ${options} $$
  BEGIN
    INSERT INTO T SELECT :V;
    RETURN CURRENT_ROLE();
  END $$`;

async function withForeignProcedure(options: string) {
  const parts = await scene();
  const { administrator } = parts.server;
  await administrator.run('CREATE TABLE T (I NUMBER)');
  await administrator.run(procedure(options));
  administrator.grant(role, 'usage', 'procedure', 'ADD_ROW');
  return { ...parts, connection: await parts.open() };
}

describe('a procedure', () => {
  it("acts with its owner's rights unless it says otherwise", async () => {
    const { server, connection } = await withForeignProcedure('RETURNS VARCHAR LANGUAGE SQL AS');
    expect((await run(connection, 'CALL ADD_ROW(1)')).rows).toEqual([{ ADD_ROW: 'ACCOUNTADMIN' }]);
    expect(await server.rows('SELECT I FROM T')).toEqual([{ I: 1 }]);
    expect(await refusalOf(run(connection, 'SELECT I FROM T'))).toMatchObject({ code: '002003' });
  });

  it("acts with its caller's rights when made so", async () => {
    const { server, connection } = await withForeignProcedure('RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS');
    expect(await refusalOf(run(connection, 'CALL ADD_ROW(1)'))).toMatchObject({ code: '002003' });
    server.administrator.grant(role, 'insert', 'table', 'T');
    expect((await run(connection, 'CALL ADD_ROW(1)')).rows).toEqual([{ ADD_ROW: role }]);
  });

  it('keeps its grants when it is replaced with COPY GRANTS, and loses them without', async () => {
    const { server, connection } = await withForeignProcedure('RETURNS VARCHAR LANGUAGE SQL AS');
    await server.administrator.run(procedure('COPY GRANTS RETURNS VARCHAR LANGUAGE SQL AS'));
    await run(connection, 'CALL ADD_ROW(1)');
    await server.administrator.run(procedure('RETURNS VARCHAR LANGUAGE SQL AS'));
    await expect(run(connection, 'CALL ADD_ROW(1)')).rejects.toThrow(/Unknown user-defined function/);
  });

  it('is replaced by its owner only', async () => {
    const { server, connection } = await withForeignProcedure('RETURNS VARCHAR LANGUAGE SQL AS');
    const replace = procedure('RETURNS VARCHAR LANGUAGE SQL AS');
    expect(await refusalOf(run(connection, replace))).toMatchObject({ code: '003001' });
    await server.administrator.run('DROP PROCEDURE ADD_ROW(NUMBER)');
    await server.administrator.runAs(role, replace);
    await run(connection, replace);
  });
});

it('shows what the role may see, with the columns that tools read', async () => {
  const { server, open } = await scene();
  const connection = await open();
  await server.administrator.run('CREATE TABLE HIDDEN (I NUMBER)');
  await run(connection, "CREATE TABLE MINE (I NUMBER(10,2) NOT NULL, V VARIANT) COMMENT = 'of mine'");
  const names = async (sqlText: string): Promise<unknown[]> =>
    (await run(connection, sqlText)).rows.map((row) => row['name']);
  expect(await names('SHOW TABLES IN SCHEMA AISM.METRICS')).toEqual(['MINE']);
  expect(await names("SHOW TABLES LIKE 'mi%'")).toEqual(['MINE']);
  expect(await names('SHOW DATABASES')).toEqual(['AISM']);
  expect(await names('SHOW WAREHOUSES')).toEqual(['AISM_WH']);
  const described = await run(connection, 'DESCRIBE TABLE MINE');
  expect(described.rows).toMatchObject([
    { name: 'I', type: 'NUMBER(10,2)', 'null?': 'N' },
    { name: 'V', type: 'VARIANT', 'null?': 'Y' },
  ]);
  expect((await run(connection, 'SHOW TABLES')).rows).toMatchObject([{ comment: 'of mine', schema_name: 'METRICS' }]);
});
