/** A table with one column of each type and three rows, one of them empty. */
import { SqlKit } from './duck-kit.ts';

export async function kitWithTable(): Promise<SqlKit> {
  const kit = await SqlKit.open();
  await kit.run(
    'CREATE TABLE t (a NUMBER(38,0) NOT NULL, b VARCHAR(5), c NUMBER(10,2), d TIMESTAMP_NTZ(3), e DATE, f FLOAT, ok BOOLEAN, v VARIANT)',
  );
  await kit.run(
    `INSERT INTO t SELECT column1, column2, column3, column4, column5, column6, column7, PARSE_JSON(column8) FROM VALUES
    (1, 'one', 1.25, '2026-01-31 10:20:30.456'::TIMESTAMP_NTZ, '2026-01-31'::DATE, 0.5, TRUE, '{"name":"n1","list":[10,{"deep":true}],"Big":12345678901234567890}'),
    (2, 'two', -3.50, '2026-02-28 00:00:00'::TIMESTAMP_NTZ, '2026-02-28'::DATE, 1e3, FALSE, '{"name":null,"list":[]}'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
  return kit;
}
