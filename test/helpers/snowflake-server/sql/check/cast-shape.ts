/** What conversions to several types share. */
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { maxVarcharLength, typeText } from '../types.ts';

export interface CastContext {
  /** SQL of the session's time zone. */
  readonly zone: string;
}

/** Digits after the second are cut, not rounded. */
export function cutToScale(sql: string, type: SnowflakeType & { scale: number }): string {
  const units = ['second', null, null, 'milliseconds', null, null];
  const unit = type.scale < units.length ? units[type.scale] : 'microseconds';
  if (unit === 'microseconds') return sql;
  if (unit === null || unit === undefined) throw faults.unsupported(typeText(type));
  return `date_trunc('${unit}', ${sql})`;
}

export function shortened(sql: string, type: SnowflakeType & { kind: 'varchar' }): string {
  return type.length >= maxVarcharLength ? sql : `left(${sql}, ${type.length})`;
}
