/** Words that are no identifier unless quoted (docs.snowflake.com/en/sql-reference/reserved-keywords). */
const words =
  'ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONSTRAINT CREATE CROSS CURRENT DELETE DISTINCT DROP ELSE EXISTS FALSE ' +
  'FOLLOWING FOR FROM FULL GRANT GROUP HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS JOIN LATERAL LEFT LIKE MINUS NATURAL NOT ' +
  'NULL OF ON OR ORDER QUALIFY REGEXP REVOKE RIGHT RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE ' +
  'TRY_CAST UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WITH';
/** Not reserved, but here they begin the next clause, so they cannot be an alias without AS. */
const clauses = 'LIMIT OFFSET FETCH EXCEPT WINDOW';

export const reserved: ReadonlySet<string> = new Set(words.split(' '));
export const notAnAlias: ReadonlySet<string> = new Set([...reserved, ...clauses.split(' ')]);
/** These are reserved but also functions of two arguments. */
export const reservedFunctions: ReadonlySet<string> = new Set(['LEFT', 'RIGHT', 'INSERT']);
/** Functions that may be written without parentheses. */
export const bareFunctions: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIMESTAMP',
]);
