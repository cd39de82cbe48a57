/** SQL that DuckDB and Snowflake both run, shared by what is asked of either. */

/** A UTC timestamp as whole milliseconds since 1970. */
export const epochMs = (timestamp: string): string =>
  `DATEDIFF('millisecond', TIMESTAMP '1970-01-01 00:00:00', ${timestamp})`;

/** A stream is `<install id>:<journal epoch>`. */
export const installOf = (streamId: string): string => `SPLIT_PART(${streamId}, ':', 1)`;
