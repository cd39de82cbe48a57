/** Errors that DuckDB throws while it runs compiled SQL, as Snowflake's. */
import { SqlError } from './statement.ts';

const marked = /SF\|(\w{6})\|(\w{5})\|([\s\S]*?)\|SF/;

const known: readonly (readonly [RegExp, string, string, string])[] = [
  [/NOT NULL constraint failed/, '100072', '22000', 'NULL result in a non-nullable column'],
  [/More than one row returned by a subquery/, '090150', '22000', 'Single-row subquery returns more than one row.'],
  [
    /(?:Overflow|Out of Range Error|Could not cast value|out of range)/,
    '100046',
    '22003',
    'Number out of representable range: type FIXED[SB16](38,0){nullable}',
  ],
];

/** Null for an error that is none of a statement's data: a lost database, a write conflict, a mistake in this stand-in. */
export function toSqlError(error: unknown): SqlError | null {
  if (error instanceof SqlError) return error;
  if (!(error instanceof Error)) return null;
  const [, code, state, words] = marked.exec(error.message) ?? [];
  if (code !== undefined && state !== undefined) return new SqlError(code, state, words ?? '');
  const match = known.find(([pattern]) => pattern.test(error.message));
  return match === undefined ? null : new SqlError(match[1], match[2], match[3]);
}
