/** VARIANT, OBJECT and ARRAY as every other type: JSON null is NULL, text is read as the target reads text. */
import type { SnowflakeType } from '../statement.ts';
import { duckType, isSemi } from '../types.ts';
import { cutToScale, shortened, type CastContext } from './cast-shape.ts';
import type { Typed } from './typed.ts';

/** Unquoted text of the value. */
export const variantText = (value: Typed) => value.variantText ?? `json_extract_string(${value.sql}, '$')`;

export function variantAs(value: Typed, type: SnowflakeType, context: CastContext, attempt: boolean): string | null {
  if (isSemi(type.kind)) return semiAs(value, type);
  const text = variantText(value);
  if (type.kind === 'varchar') return shortened(text, type);
  if (value.type.kind !== 'variant') return null;
  const checked = (tried: string, target: string, other = 'NULL') =>
    attempt ? `COALESCE(${tried}, ${other})` : `sf_variant(${value.sql}, ${text}, ${tried}, ${other}, '${target}')`;
  switch (type.kind) {
    case 'number':
      return checked(`TRY_CAST(sf_numeric(${text}) AS ${duckType(type)})`, 'FIXED', flagSql(text, type));
    case 'float':
      return checked(`TRY_CAST(sf_numeric(${text}) AS DOUBLE)`, 'REAL', flagSql(text, type));
    case 'boolean':
      return checked(`sf_flag(${text})`, 'BOOLEAN');
    case 'date':
      return checked(`CAST(sf_try_stamp(${text}) AS DATE)`, 'DATE');
    case 'timestamp_ntz':
      return cutToScale(checked(`sf_try_stamp(${text})`, 'TIMESTAMP_NTZ'), type);
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return cutToScale(checked(`sf_try_instant(${text}, ${context.zone})`, type.kind.toUpperCase()), type);
    default:
      return null;
  }
}

/** true and false as numbers. */
const flagSql = (text: string, type: SnowflakeType) => `TRY_CAST(sf_flag_digit(${text}) AS ${duckType(type)})`;

/** A VARIANT that holds an object may be cast to OBJECT; the check of the value is left out, as nothing here depends on it. */
function semiAs(value: Typed, type: SnowflakeType): string | null {
  const fits = type.kind === 'variant' || value.type.kind === 'variant' || value.type.kind === type.kind;
  return fits ? value.sql : null;
}
