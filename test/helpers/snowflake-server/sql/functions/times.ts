/** Functions of dates and timestamps. Units may be written as words or text, in any of Snowflake's spellings. */
import { cast, wallClock } from '../check/cast.ts';
import type { Result } from '../check/operators.ts';
import type { Typed } from '../check/typed.ts';
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { dateType, numberType } from '../types.ts';
import { anyNullable, arg, scalar, whole, type FunctionTable, type ScalarFunction, type Site } from './spec.ts';

type Unit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond';

const spellings: Readonly<Record<Unit, string>> = {
  year: 'YEAR YEARS Y YY YYY YYYY YR YRS',
  quarter: 'QUARTER QUARTERS Q QTR QTRS',
  month: 'MONTH MONTHS MM MON MONS',
  week: 'WEEK WEEKS W WK',
  day: 'DAY DAYS D DD DAYOFMONTH',
  hour: 'HOUR HOURS H HH HR HRS',
  minute: 'MINUTE MINUTES M MI MIN MINS',
  second: 'SECOND SECONDS S SEC SECS',
  millisecond: 'MILLISECOND MILLISECONDS MS MSEC',
  microsecond: 'MICROSECOND MICROSECONDS US USEC',
};
const isUnit = (word: string): word is Unit => Object.hasOwn(spellings, word);
const units: ReadonlyMap<string, Unit> = new Map(
  Object.keys(spellings)
    .filter(isUnit)
    .flatMap((unit) => spellings[unit].split(' ').map((word) => [word, unit] as const)),
);

function unitOf(value: Typed): Unit {
  const unit = units.get(String(value.constant).toUpperCase());
  if (unit === undefined) throw faults.invalidArgument(`'${value.constant}' is not a valid date/time component`);
  return unit;
}

const wholeDays: ReadonlySet<Unit> = new Set(['year', 'quarter', 'month', 'week', 'day']);
const intervals: Readonly<Record<Unit, (count: string) => string>> = {
  year: (count) => `to_years(CAST(${count} AS INTEGER))`,
  quarter: (count) => `to_months(CAST(${count} * 3 AS INTEGER))`,
  month: (count) => `to_months(CAST(${count} AS INTEGER))`,
  week: (count) => `to_weeks(CAST(${count} AS INTEGER))`,
  day: (count) => `to_days(CAST(${count} AS INTEGER))`,
  hour: (count) => `to_hours(${count})`,
  minute: (count) => `to_minutes(${count})`,
  second: (count) => `to_seconds(${count})`,
  millisecond: (count) => `to_milliseconds(${count})`,
  microsecond: (count) => `to_microseconds(${count})`,
};

/** The result of wall-clock arithmetic, back in the type of the argument. */
function backFrom(wall: string, value: Typed, type: SnowflakeType, site: Site): Typed {
  const zone = value.zone ?? site.zone;
  const instant = type.kind === 'timestamp_ltz' || type.kind === 'timestamp_tz';
  const sql = instant ? `timezone(${zone}, ${wall})` : type.kind === 'date' ? `CAST(${wall} AS DATE)` : wall;
  return { ...value, sql, type, constant: undefined };
}

function added(args: readonly Typed[], site: Site): Result {
  const unit = unitOf(arg(args, 0));
  const value = arg(args, 2);
  const wall = `(${wallClock(value, site)} + ${intervals[unit](whole(arg(args, 1)))})`;
  const toStamp = value.type.kind === 'date' && !wholeDays.has(unit);
  const type: SnowflakeType = toStamp ? { kind: 'timestamp_ntz', scale: 9 } : timeType(value);
  return { ...backFrom(wall, value, type, site), nullable: anyNullable(args.slice(1)) };
}

function timeType(value: Typed): SnowflakeType {
  const { type } = value;
  return type.kind === 'null' || type.kind === 'bind' ? { kind: 'timestamp_ntz', scale: 9 } : type;
}

/** Boundaries crossed, not whole units passed. */
function difference(args: readonly Typed[], site: Site): Result {
  const [from, to] = [wallClock(arg(args, 1), site), wallClock(arg(args, 2), site)];
  const sql = `CAST(date_diff('${unitOf(arg(args, 0))}', ${from}, ${to}) AS DECIMAL(18,0))`;
  return { sql, type: numberType(18, 0), nullable: anyNullable(args.slice(1)) };
}

function truncated(args: readonly Typed[], site: Site): Result {
  const value = arg(args, 1);
  const wall = `CAST(date_trunc('${unitOf(arg(args, 0))}', ${wallClock(value, site)}) AS TIMESTAMP)`;
  return { ...backFrom(wall, value, timeType(value), site), nullable: value.nullable };
}

const epochs: Readonly<Record<string, (instant: string) => string>> = {
  EPOCH: (instant) => `trunc(epoch(${instant}))`,
  EPOCH_SECOND: (instant) => `trunc(epoch(${instant}))`,
  EPOCH_MILLISECOND: (instant) => `epoch_ms(${instant})`,
  EPOCH_MICROSECOND: (instant) => `epoch_us(${instant})`,
  DAYOFWEEK: (instant) => `dayofweek(${instant})`,
  DAYOFWEEKISO: (instant) => `isodow(${instant})`,
  DAYOFYEAR: (instant) => `dayofyear(${instant})`,
};

function part(args: readonly Typed[], site: Site): Result {
  const value = arg(args, 1);
  const word = String(arg(args, 0).constant).toUpperCase();
  const wall = wallClock(value, site);
  const special = epochs[word];
  const isInstant = value.type.kind === 'timestamp_ltz' || value.type.kind === 'timestamp_tz';
  const taken =
    special === undefined
      ? `date_part('${unitOf(arg(args, 0))}', ${wall})`
      : special(isInstant && word.startsWith('EPOCH') ? `timezone('UTC', ${value.sql})` : wall);
  return { sql: `CAST(${taken} AS DECIMAL(19,0))`, type: numberType(19, 0), nullable: value.nullable };
}

const partNamed = (word: string): ScalarFunction =>
  scalar('time', (args, site) => part([{ ...arg(args, 0), constant: word }, arg(args, 0)], site));

/** (from, to, wall clock) → wall clock; (to, anything) → TIMESTAMP_TZ with the wall clock of that zone. */
function converted(args: readonly Typed[], site: Site): Result {
  if (args.length === 3) {
    const [from, to, value] = [
      arg(args, 0),
      arg(args, 1),
      cast(arg(args, 2), { kind: 'timestamp_ntz', scale: 9 }, site),
    ];
    const sql = `timezone(${to.sql}, timezone(${from.sql}, ${value.sql}))`;
    return { sql, type: { kind: 'timestamp_ntz', scale: 9 }, nullable: anyNullable(args) };
  }
  const [to, value] = [arg(args, 0), cast(arg(args, 1), { kind: 'timestamp_tz', scale: 9 }, site)];
  const zoned: Typed = { ...value, zone: to.sql };
  return zoned;
}

const now = 'get_current_timestamp()';
const stampNow = (kind: 'timestamp_ltz' | 'timestamp_ntz', sql: string): ScalarFunction =>
  scalar('constant?', () => ({ sql, type: { kind, scale: 9 }, nullable: false }));

const today = scalar('', (_, site) => ({
  sql: `CAST(timezone(${site.zone}, ${now}) AS DATE)`,
  type: dateType,
  nullable: false,
}));

/** TIME_SLICE(t, length, 'unit'): start of the slice t lies in, counted from 1970 on. */
const slice = scalar('time number part', (args, site) => {
  const unit = unitOf(arg(args, 2));
  const value = arg(args, 0);
  const bucket = `time_bucket(${intervals[unit](whole(arg(args, 1)))}, ${wallClock(value, site)}, TIMESTAMP '1970-01-01')`;
  return { ...backFrom(bucket, value, timeType(value), site), nullable: value.nullable };
});

const add = scalar('part number time', added);
const diff = scalar('part time time', difference);

export const timeFunctions: FunctionTable = {
  CURRENT_TIMESTAMP: stampNow('timestamp_ltz', now),
  LOCALTIMESTAMP: stampNow('timestamp_ltz', now),
  GETDATE: stampNow('timestamp_ltz', now),
  SYSTIMESTAMP: stampNow('timestamp_ltz', now),
  SYSDATE: stampNow('timestamp_ntz', `timezone('UTC', ${now})`),
  CURRENT_DATE: today,
  DATEADD: add,
  TIMEADD: add,
  TIMESTAMPADD: add,
  DATEDIFF: diff,
  TIMEDIFF: diff,
  TIMESTAMPDIFF: diff,
  DATE_TRUNC: scalar('part time', truncated),
  DATE_PART: scalar('part time', part),
  EXTRACT: scalar('part time', part),
  YEAR: partNamed('YEAR'),
  MONTH: partNamed('MONTH'),
  DAY: partNamed('DAY'),
  HOUR: partNamed('HOUR'),
  MINUTE: partNamed('MINUTE'),
  SECOND: partNamed('SECOND'),
  DAYOFWEEK: partNamed('DAYOFWEEK'),
  DAYOFWEEKISO: partNamed('DAYOFWEEKISO'),
  TIME_SLICE: slice,
  CONVERT_TIMEZONE: scalar('text any any?', converted),
};
