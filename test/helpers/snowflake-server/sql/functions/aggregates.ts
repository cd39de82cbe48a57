/** Aggregates. NULLs are skipped; counts are NUMBER(18,0) and sums of NUMBER have 38 digits, as Snowflake's. */
import { cast } from '../check/cast.ts';
import type { Result } from '../check/operators.ts';
import { settled, type Typed } from '../check/typed.ts';
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { booleanType, duckType, floatType, numberType, variantType, varchar } from '../types.ts';
import { aggregate, arg, type AggregateFunction, type AggregateSite, type FunctionTable } from './spec.ts';

const countType = numberType(18, 0);
const count = (sql: string, { over }: AggregateSite): Result => ({
  sql: `CAST(${sql}${over} AS DECIMAL(18,0))`,
  type: countType,
  nullable: false,
});

/** Without arguments it counts rows (the call reads `COUNT(*)`). */
const counted = aggregate('any?', (args, site) =>
  count(args.length === 0 ? 'COUNT(*)' : `COUNT(${site.distinct}${arg(args, 0).sql})`, site),
);
const countIf = aggregate('boolean', (args, site) => count(`COUNT(CASE WHEN ${arg(args, 0).sql} THEN 1 END)`, site));
const approximateCount = aggregate('any', (args, site) => count(`approx_count_distinct(${arg(args, 0).sql})`, site));

const typed = (sql: string, type: SnowflakeType): Result => ({
  sql: `CAST(${sql} AS ${duckType(type)})`,
  type,
  nullable: true,
});

const sum = aggregate('number', (args, { distinct, over }) => {
  const { sql, type } = arg(args, 0);
  return typed(`SUM(${distinct}${sql})${over}`, type.kind === 'number' ? numberType(38, type.scale) : floatType);
});

const meanScale = (scale: number) => Math.max(scale, Math.min(scale + 6, 12));
const average = aggregate('number', (args, { distinct, over }) => {
  const { sql, type } = arg(args, 0);
  if (type.kind !== 'number') return typed(`AVG(${distinct}${sql})${over}`, floatType);
  const mean = numberType(38, meanScale(type.scale));
  return typed(
    `round(AVG(${distinct}CAST(${sql} AS DOUBLE))${over}, ${mean.kind === 'number' ? mean.scale : 0})`,
    mean,
  );
});

const kept = (duck: string): AggregateFunction =>
  aggregate('any', (args, { distinct, over }) => {
    const { sql, type } = arg(args, 0);
    return typed(`${duck}(${distinct}${sql})${over}`, settled(type));
  });
/** The value in the row where the other is largest or smallest. */
const keptBy = (duck: string): AggregateFunction =>
  aggregate('any any', (args, { over }) =>
    typed(`${duck}(${arg(args, 0).sql}, ${arg(args, 1).sql})${over}`, settled(arg(args, 0).type)),
  );
const spread = (duck: string): AggregateFunction =>
  aggregate('number', (args, { distinct, over }) =>
    typed(`${duck}(${distinct}CAST(${arg(args, 0).sql} AS DOUBLE))${over}`, floatType),
  );
const allOf = (duck: string): AggregateFunction =>
  aggregate('boolean', (args, { over }) => typed(`${duck}(${arg(args, 0).sql})${over}`, booleanType));

/** Three digits more than the values have, FLOAT for FLOAT. */
function between(value: Typed): SnowflakeType {
  const { type } = value;
  return type.kind === 'number' ? numberType(type.precision + 3, type.scale + 3) : floatType;
}

function fraction(value: Typed, { name }: AggregateSite): number {
  const { constant } = value;
  if (typeof constant === 'number' && constant >= 0 && constant <= 1) return constant;
  throw faults.invalidArgument(
    `argument 2 to function ${name} needs to be constant between 0 and 1, found '${value.text}'`,
  );
}

/** Exact here: within the error that Snowflake's t-digest may have. */
const approximatePercentile = aggregate('number constant', (args, site) => {
  const share = fraction(arg(args, 1), site);
  return typed(`quantile_cont(${cast(arg(args, 0), floatType, site).sql}, ${share})${site.over}`, floatType);
});

const percentile = (duck: 'quantile_cont' | 'quantile_disc'): AggregateFunction =>
  aggregate(
    'constant',
    (args, site) => {
      const share = fraction(arg(args, 0), site);
      const value = arg(site.ordered, 0);
      const descending = / DESC /.test(site.order);
      if (value.type.kind !== 'number' && value.type.kind !== 'float') {
        throw faults.argumentTypes(site.at, site.name, settled(value.type).kind.toUpperCase());
      }
      const wanted = descending ? 1 - share : share;
      if (duck === 'quantile_disc') return typed(`quantile_disc(${value.sql}, ${wanted})${site.over}`, value.type);
      const quantile = `quantile_cont(CAST(${value.sql} AS DOUBLE), ${wanted})${site.over}`;
      return typed(quantile, between(value));
    },
    'must',
  );

const listed = aggregate(
  'text constant?',
  (args, { distinct, order, over }) => {
    const separator = args[1]?.sql ?? "''";
    return {
      sql: `COALESCE(string_agg(${distinct}${arg(args, 0).sql}, ${separator}${order})${over}, '')`,
      type: varchar,
      nullable: false,
    };
  },
  'may',
);

const arrayed = aggregate(
  'any',
  (args, site) => {
    const value = cast(arg(args, 0), variantType, site).sql;
    const list = `list(${site.distinct}${value}${site.order})${site.over}`;
    const sql = `COALESCE(to_json(list_filter(${list}, lambda item: item IS NOT NULL)), CAST('[]' AS JSON))`;
    return { sql, type: { kind: 'array' }, nullable: false };
  },
  'may',
);

const median = aggregate('number', (args, { over }) => {
  const value = arg(args, 0);
  return typed(`median(CAST(${value.sql} AS DOUBLE))${over}`, between(value));
});

export const aggregateFunctions: FunctionTable = {
  COUNT: counted,
  COUNT_IF: countIf,
  SUM: sum,
  AVG: average,
  MIN: kept('MIN'),
  MAX: kept('MAX'),
  ANY_VALUE: kept('any_value'),
  MIN_BY: keptBy('min_by'),
  MAX_BY: keptBy('max_by'),
  MEDIAN: median,
  STDDEV: spread('stddev_samp'),
  STDDEV_POP: spread('stddev_pop'),
  VARIANCE: spread('var_samp'),
  BOOLAND_AGG: allOf('bool_and'),
  BOOLOR_AGG: allOf('bool_or'),
  APPROX_COUNT_DISTINCT: approximateCount,
  HLL: approximateCount,
  APPROX_PERCENTILE: approximatePercentile,
  PERCENTILE_CONT: percentile('quantile_cont'),
  PERCENTILE_DISC: percentile('quantile_disc'),
  LISTAGG: listed,
  ARRAY_AGG: arrayed,
};
