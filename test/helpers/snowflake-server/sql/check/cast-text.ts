/** Text (and binds without a type) as every other type. */
import type { SnowflakeType } from '../statement.ts';
import { duckType } from '../types.ts';
import { cutToScale, shortened, type CastContext } from './cast-shape.ts';

export function textAs(sql: string, type: SnowflakeType, context: CastContext, attempt: boolean): string | null {
  switch (type.kind) {
    case 'varchar':
      return shortened(sql, type);
    case 'number':
    case 'float': {
      const tried = `TRY_CAST(sf_numeric(${sql}) AS ${duckType(type)})`;
      return attempt ? tried : `sf_number(${sql}, ${tried})`;
    }
    case 'boolean':
      return attempt ? `sf_try_boolean(${sql})` : `sf_boolean(${sql})`;
    case 'date':
      return attempt ? `CAST(sf_try_stamp(${sql}) AS DATE)` : `sf_date(${sql})`;
    case 'timestamp_ntz':
      return cutToScale(attempt ? `sf_try_stamp(${sql})` : `sf_stamp(${sql})`, type);
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return cutToScale(`${attempt ? 'sf_try_instant' : 'sf_instant'}(${sql}, ${context.zone})`, type);
    case 'variant':
      return `to_json(${sql})`;
    default:
      return null;
  }
}
