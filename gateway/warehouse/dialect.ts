/** The few places where DuckDB and Snowflake SQL differ (SNOWFLAKE.md, "SQL common to DuckDB 1.5 and Snowflake"). Everything else is the common subset. */
export interface Dialect {
  /** Approximate percentile of `expression`, `fraction` in 0..1. */
  percentile(expression: string, fraction: number): string;
  /** Text value of one key of the JSON column `column`; the key is a bind. */
  jsonText(column: string, keyBind: string): string;
}
