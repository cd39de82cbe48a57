/**
 * DuckDB macros that behave as Snowflake where DuckDB alone does not: conversions that fail with Snowflake's code, division by zero, JSON.
 * A macro writes its argument out wherever it is named, so the way that most values take names it once: it may be a path into megabytes.
 * A fault leaves DuckDB as the text `SF|code|state|words|SF` (run-time-faults.ts reads it).
 */
const fault = (code: string, state: string, words: string) => `error('SF|${code}|${state}|' || ${words} || '|SF')`;

const notANumber = fault('100038', '22018', `'Numeric value ''' || t || ''' is not recognized'`);
const textOutOfRange = fault('100039', '22003', `'Numeric value ''' || t || ''' is out of range'`);
const numberOutOfRange = fault(
  '100046',
  '22003',
  `'Number out of representable range: type FIXED[SB16](' || shape || '){nullable}, value ' || CAST(v AS VARCHAR)`,
);
const variantFault = fault(
  '100071',
  '22000',
  `'Failed to cast variant value ' || CAST(j AS VARCHAR) || ' to ' || target`,
);
const unknownText = (what: string, code: string, state: string) =>
  fault(code, state, `'${what} ''' || t || ''' is not recognized'`);

const numberShape = String.raw`'^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$'`;
const stampShape = String.raw`'^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{0,9})?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?)?\s*$'`;
const zoneShape = String.raw`' ?(Z|[+-][0-9]{2}:?[0-9]{2})\s*$'`;
/** `\u0000` whose backslash is not itself escaped. */
const escapedZero = String.raw`'(^|[^\\])(\\\\)*\\u0000'`;

export const duckSetup: readonly string[] = [
  `CREATE OR REPLACE MACRO sf_numeric(t) AS nullif(regexp_extract(t, ${numberShape}), '')`,
  // In a VARIANT, true and false are numbers too.
  `CREATE OR REPLACE MACRO sf_flag_digit(t) AS CASE t WHEN 'true' THEN '1' WHEN 'false' THEN '0' END`,
  // n is t, converted: null when t is null or does not convert.
  `CREATE OR REPLACE MACRO sf_number(t, n) AS COALESCE(n, CASE WHEN t IS NULL THEN NULL
    WHEN sf_numeric(t) IS NULL THEN ${notANumber} ELSE ${textOutOfRange} END)`,
  // Where n is null, other is what else the text may mean.
  `CREATE OR REPLACE MACRO sf_variant(j, t, n, other, target) AS
    COALESCE(n, CASE WHEN t IS NOT NULL THEN COALESCE(other, ${variantFault}) END)`,
  `CREATE OR REPLACE MACRO sf_fit(v, n, shape) AS COALESCE(n, CASE WHEN v IS NOT NULL THEN ${numberOutOfRange} END)`,
  `CREATE OR REPLACE MACRO sf_flag(t) AS CAST(nullif(regexp_extract(lower(t), '^(true|false)$'), '') AS BOOLEAN)`,
  `CREATE OR REPLACE MACRO sf_try_boolean(t) AS CASE
    WHEN lower(trim(t)) IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE
    WHEN lower(trim(t)) IN ('false', 'f', 'no', 'n', 'off', '0') THEN FALSE END`,
  `CREATE OR REPLACE MACRO sf_boolean(t) AS CASE WHEN t IS NOT NULL AND sf_try_boolean(t) IS NULL
    THEN ${unknownText('Boolean value', '100037', '22018')} ELSE sf_try_boolean(t) END`,
  // The wall clock a text tells; its zone is dropped, as TIMESTAMP_NTZ does.
  `CREATE OR REPLACE MACRO sf_try_stamp(t) AS CASE
    WHEN regexp_matches(t, '^[0-9]{1,11}$') THEN make_timestamp(CAST(t AS BIGINT) * 1000000)
    WHEN regexp_matches(t, '^[0-9]{12,14}$') THEN make_timestamp(CAST(t AS BIGINT) * 1000)
    WHEN regexp_matches(t, '^[0-9]{15,17}$') THEN make_timestamp(CAST(t AS BIGINT))
    WHEN regexp_matches(t, ${stampShape}) THEN TRY_CAST(regexp_replace(trim(t), ${zoneShape}, '') AS TIMESTAMP) END`,
  `CREATE OR REPLACE MACRO sf_stamp(t) AS CASE WHEN t IS NOT NULL AND sf_try_stamp(t) IS NULL
    THEN ${unknownText('Timestamp', '100035', '22007')} ELSE sf_try_stamp(t) END`,
  // The instant a text tells; without a zone it is in the given one.
  `CREATE OR REPLACE MACRO sf_try_instant(t, zone) AS CASE
    WHEN sf_try_stamp(t) IS NULL THEN NULL
    WHEN regexp_matches(t, ':[0-9.]+' || ${zoneShape}) THEN TRY_CAST(trim(t) AS TIMESTAMPTZ)
    WHEN regexp_matches(t, '^[0-9]+$') THEN timezone('UTC', sf_try_stamp(t))
    ELSE timezone(zone, sf_try_stamp(t)) END`,
  `CREATE OR REPLACE MACRO sf_instant(t, zone) AS CASE WHEN t IS NOT NULL AND sf_try_instant(t, zone) IS NULL
    THEN ${unknownText('Timestamp', '100035', '22007')} ELSE sf_try_instant(t, zone) END`,
  `CREATE OR REPLACE MACRO sf_date(t) AS CASE WHEN t IS NOT NULL AND sf_try_stamp(t) IS NULL
    THEN ${unknownText('Date', '100040', '22007')} ELSE CAST(sf_try_stamp(t) AS DATE) END`,
  `CREATE OR REPLACE MACRO sf_float_text(x) AS regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')`,
  `CREATE OR REPLACE MACRO sf_fits_text(t, n) AS CASE WHEN length(t) > n
    THEN ${fault('100078', '22000', `'String ''' || t || ''' is too long and would be truncated'`)} ELSE t END`,
  `CREATE OR REPLACE MACRO sf_divisor(x) AS CASE WHEN x = 0 THEN ${fault('100051', '22012', `'Division by zero'`)} ELSE x END`,
  // Neither a zero character nor half a surrogate pair is text for Snowflake.
  `CREATE OR REPLACE MACRO sf_try_json(t) AS
    CASE WHEN NOT regexp_matches(t, ${escapedZero}) THEN TRY_CAST(nullif(trim(t), '') AS JSON) END`,
  `CREATE OR REPLACE MACRO sf_json(t) AS COALESCE(sf_try_json(t), CASE WHEN trim(t) <> ''
    THEN ${fault('100069', '22P02', `'Error parsing JSON: ' || left(t, 100)`)} END)`,
  `CREATE OR REPLACE MACRO sf_pointer(k) AS '/' || replace(replace(k, '~', '~0'), '/', '~1')`,
  `CREATE OR REPLACE MACRO sf_get(j, k) AS CASE WHEN json_type(j) = 'OBJECT' THEN json_extract(j, sf_pointer(k)) END`,
  `CREATE OR REPLACE MACRO sf_at(j, i) AS CASE WHEN json_type(j) = 'ARRAY' AND i >= 0
    THEN json_extract(j, '/' || CAST(CAST(i AS BIGINT) AS VARCHAR)) END`,
];
