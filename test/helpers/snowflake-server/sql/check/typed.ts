/** A checked expression: DuckDB SQL of exactly the DuckDB type that belongs to its Snowflake type. */
import { faults } from '../faults.ts';
import type { Place } from '../read/token.ts';
import type { SnowflakeType } from '../statement.ts';
import { typeText, varchar } from '../types.ts';

export type ExprType = SnowflakeType | { readonly kind: 'null' } | { readonly kind: 'bind' };

/** What an expression is made of, gathered from its parts; GROUP BY rules are told by it. */
export interface Makeup {
  /** Columns outside of aggregates that are not grouped by, as Snowflake echoes them. */
  readonly loose: readonly string[];
  /** Aggregate calls outside of subqueries. */
  readonly aggregates: readonly string[];
  readonly windows: readonly string[];
}

export interface Typed extends Makeup {
  readonly sql: string;
  readonly type: ExprType;
  readonly nullable: boolean;
  /** As Snowflake echoes it. */
  readonly text: string;
  readonly at: Place;
  /** Value of a constant: text as text, numbers as number. */
  readonly constant?: string | number | undefined;
  /** Of a VARIANT taken out by a path: its text form without another step. */
  readonly variantText?: string | undefined;
  /** Of FLATTEN's VALUE: paths taken out of it, and the DuckDB list of their texts. One extraction for all is 20 times as fast. */
  readonly taken?: { readonly paths: string[]; readonly sql: string } | undefined;
  /** Of a TIMESTAMP_TZ: SQL of the zone its wall clock is in. */
  readonly zone?: string | undefined;
}

export const noMakeup: Makeup = { loose: [], aggregates: [], windows: [] };

export function makeupOf(parts: readonly Makeup[]): Makeup {
  return {
    loose: parts.flatMap((part) => part.loose),
    aggregates: parts.flatMap((part) => part.aggregates),
    windows: parts.flatMap((part) => part.windows),
  };
}

/** The type something without one has in a result: Snowflake makes it text. */
export function settled(type: ExprType): SnowflakeType {
  return type.kind === 'null' || type.kind === 'bind' ? varchar : type;
}

/** As argument types are told in messages. */
export function typeEcho(type: ExprType): string {
  return type.kind === 'null' ? 'NULL' : typeText(settled(type));
}

/** Same value, other SQL. */
export function changed(value: Typed, sql: string, type: ExprType): Typed {
  return { ...value, sql, type, constant: undefined, variantText: undefined, zone: undefined, taken: undefined };
}

const marker = '\uE000'; // a private-use character: no constant of a statement may hold it

/** A DuckDB text constant. */
export function textConstant(value: string): string {
  if (value.includes('\0') || value.includes(marker)) throw faults.unsupported('this character in a constant');
  return `'${value.replaceAll("'", "''")}'`;
}

/** Where a bind goes; {@link placeholders} turns the marks into `?`. */
export const bindMark = (index: number) => `${marker}${index}${marker}`;

/** Where the texts of FLATTEN number `index` are taken out, once it is known which. */
export const pathsMark = (index: number) => `${marker}paths ${index}${marker}`;

export function withPaths(sql: string, taken: readonly (readonly string[])[]): string {
  return sql.replaceAll(/\uE000paths (\d+)\uE000/g, (_, index: string) => {
    const paths = taken[Number(index)] ?? [];
    return paths.length === 0 ? '' : `, json_extract_string(v, [${paths.join(', ')}]) AS "paths"`;
  });
}

export function placeholders(sql: string): { sql: string; bindOrder: number[] } {
  const bindOrder: number[] = [];
  const text = sql.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => {
    bindOrder.push(Number(index));
    return '?';
  });
  return { sql: text, bindOrder };
}
