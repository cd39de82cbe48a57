/** Functions that only make sense with OVER. */
import { cast } from '../check/cast.ts';
import { settled, type Typed } from '../check/typed.ts';
import type { Result } from '../check/operators.ts';
import type { SnowflakeType } from '../statement.ts';
import { duckType, floatType, numberType } from '../types.ts';
import { arg, whole, windowed, type AggregateSite, type FunctionTable } from './spec.ts';

const rankType = numberType(18, 0);
const rank = (duck: string) =>
  windowed('', (_, { over }) => ({ sql: `CAST(${duck}()${over} AS DECIMAL(18,0))`, type: rankType, nullable: false }));
const share = (duck: string) =>
  windowed('', (_, { over }) => ({ sql: `${duck}()${over}`, type: floatType, nullable: false }));

const typed = (sql: string, type: SnowflakeType): Result => ({
  sql: `CAST(${sql} AS ${duckType(type)})`,
  type,
  nullable: true,
});

/** The row some rows before or after. */
const shifted = (duck: string) =>
  windowed('any number? any?', (args, site) => {
    const type = settled(arg(args, 0).type);
    const offset = args[1] === undefined ? '' : `, ${whole(args[1])}`;
    const missing = args[2] === undefined ? '' : `, ${cast(args[2], type, site).sql}`;
    return typed(`${duck}(${arg(args, 0).sql}${offset}${missing}${site.ignoreNulls})${site.over}`, type);
  });

/** Snowflake looks at the whole partition where the statement says no frame; the standard stops at the current row. */
const wholePartition = 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING';
const edge = (duck: string) =>
  windowed(
    'any',
    (args: readonly Typed[], { over, ignoreNulls }: AggregateSite) =>
      typed(`${duck}(${arg(args, 0).sql}${ignoreNulls})${over}`, settled(arg(args, 0).type)),
    wholePartition,
  );

export const windowFunctions: FunctionTable = {
  ROW_NUMBER: rank('row_number'),
  RANK: rank('rank'),
  DENSE_RANK: rank('dense_rank'),
  PERCENT_RANK: share('percent_rank'),
  CUME_DIST: share('cume_dist'),
  NTILE: windowed('number', (args, { over }) => ({
    sql: `CAST(ntile(${whole(arg(args, 0))})${over} AS DECIMAL(18,0))`,
    type: rankType,
    nullable: false,
  })),
  LAG: shifted('lag'),
  LEAD: shifted('lead'),
  FIRST_VALUE: edge('first_value'),
  LAST_VALUE: edge('last_value'),
  RATIO_TO_REPORT: windowed('number', (args, { over }) => {
    const value = `CAST(${arg(args, 0).sql} AS DOUBLE)`;
    return { sql: `(${value} / NULLIF(SUM(${value})${over}, 0))`, type: floatType, nullable: true };
  }),
};
