/** Names of what setup makes, qualified by the profile's database and schema. The profile's identifiers are SQL already, quoted or not. */
import type { SnowflakeProfile } from '../../../contract/snowflake.ts';
import { factTable, offsetTable, parkedTable, priceChangeTable } from '../table.ts';

export type Place = Pick<SnowflakeProfile, 'database' | 'schema'>;

export const procedureName = 'load_api_usage';

export function schemaOf({ database, schema }: Place): string {
  return `${database}.${schema}`;
}

export interface ObjectNames {
  readonly facts: string;
  readonly offsets: string;
  readonly parked: string;
  readonly priceChanges: string;
  readonly procedure: string;
}

export function objectNames(place: Place): ObjectNames {
  const within = (name: string) => `${schemaOf(place)}.${name}`;
  return {
    facts: within(factTable),
    offsets: within(offsetTable),
    parked: within(parkedTable),
    priceChanges: within(priceChangeTable),
    procedure: within(procedureName),
  };
}

/** An identifier as Snowflake stores it and tells it in SHOW: upper case unless it was quoted. */
export function storedName(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1) : identifier.toUpperCase();
}

/** A pattern for SHOW … LIKE. `_` and `%` are wildcards there, so rows are compared with {@link storedName} once more. */
export function likePattern(identifier: string): string {
  return `'${storedName(identifier).replaceAll("'", "''")}'`;
}
