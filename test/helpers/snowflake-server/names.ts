/** Identifiers as Snowflake stores them: unquoted ones in upper case, quoted ones as written. */
import type { ObjectName } from './sql/statement.ts';

export function storedName(text: string): string {
  const quoted = /^"((?:[^"]|"")*)"$/.exec(text.trim());
  return quoted?.[1] === undefined ? text.trim().toUpperCase() : quoted[1].replaceAll('""', '"');
}

/** `a.b."c"` as stored parts. */
export function storedParts(text: string): readonly string[] {
  return [...text.matchAll(/"(?:[^"]|"")*"|[^."]+/g)].map((part) => storedName(part[0]));
}

export const dotted = (name: ObjectName): string => `${name.database}.${name.schema}.${name.name}`;
