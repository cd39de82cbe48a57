/**
 * The few places where DuckDB and Snowflake SQL differ. Everything else in analytics/ is the common subset: `?` binds, unquoted snake_case
 * aliases, NULLS LAST spelled out, no FILTER clause, MOD on whole numbers instead of engine time functions.
 */
export interface Dialect {
  /** One expression for each fraction (0..1): that percentile of `expression`, nulls ignored. */
  percentiles(expression: string, fractions: readonly number[]): readonly string[];
  /** Text value of one key of the JSON column `column`; the key is a bind. */
  jsonText(column: string, keyBind: string): string;
}
