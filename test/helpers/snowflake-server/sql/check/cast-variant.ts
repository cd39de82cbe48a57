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
  const checked = (tried: string, target: string) =>
    attempt ? tried : `sf_variant(${value.sql}, ${text}, ${tried}, '${target}')`;
  switch (type.kind) {
    case 'number':
      return checked(`TRY_CAST(sf_number_text(${text}) AS ${duckType(type)})`, 'FIXED');
    case 'float':
      return checked(`TRY_CAST(sf_number_text(${text}) AS DOUBLE)`, 'REAL');
    case 'boolean':
      return checked(`CASE WHEN lower(${text}) IN ('true', 'false') THEN CAST(${text} AS BOOLEAN) END`, 'BOOLEAN');
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

/** A VARIANT that holds an object may be cast to OBJECT; the check of the value is left out, as nothing here depends on it. */
function semiAs(value: Typed, type: SnowflakeType): string | null {
  const fits = type.kind === 'variant' || value.type.kind === 'variant' || value.type.kind === type.kind;
  return fits ? value.sql : null;
}
