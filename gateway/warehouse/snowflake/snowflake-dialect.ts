import type { Dialect } from '../dialect.ts';

/** Exact, as DuckDB's: both interpolate between the neighbouring values and leave nulls out, so both engines answer alike. */
export const snowflakeDialect: Dialect = {
  percentiles: (expression, fractions) =>
    fractions.map((fraction) => `PERCENTILE_CONT(${fraction}) WITHIN GROUP (ORDER BY ${expression})`),
  // GET takes the key as it is: dots, quotes and letter case mean themselves, which a path expression would not allow.
  jsonText: (column, keyBind) => `GET(${column}, ${keyBind})::VARCHAR`,
};
