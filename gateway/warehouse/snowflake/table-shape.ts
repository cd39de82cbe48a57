/** What a table of ours looks like in the account, against what this version writes. */
import { tableShapes, sqlType, type Column } from '../table.ts';
import { SnowflakeFault } from './fault.ts';
import type { Execute } from './loader.ts';
import { schemaOf, type Place } from './object-names.ts';

export interface TableFinding {
  readonly name: string;
  readonly exists: boolean;
  readonly missing: readonly Column[];
  /** In plain words: a column of a type that our values do not fit. Setup changes no column. */
  readonly unfit: readonly string[];
}

export async function inspectTables(execute: Execute, place: Place): Promise<readonly TableFinding[]> {
  const findings: TableFinding[] = [];
  for (const [name, shape] of tableShapes) findings.push(compare(name, shape, await typesOf(execute, place, name)));
  return findings;
}

/** Column name → type, both in lower case; null when the table is not there, or the role may not see it. */
async function typesOf(execute: Execute, place: Place, name: string): Promise<ReadonlyMap<string, string> | null> {
  try {
    const { rows } = await execute(`DESCRIBE TABLE ${schemaOf(place)}.${name}`);
    return new Map(rows.map((row) => [String(row['name']).toLowerCase(), String(row['type']).toLowerCase()]));
  } catch (error) {
    if (error instanceof SnowflakeFault && error.kind === 'table') return null;
    throw error;
  }
}

function compare(name: string, shape: readonly Column[], types: ReadonlyMap<string, string> | null): TableFinding {
  if (types === null) return { name, exists: false, missing: shape, unfit: [] };
  const unfit = shape.flatMap((column) => {
    const type = types.get(column.name);
    const wanted = sqlType('snowflake', column.kind);
    return type === undefined || fits(type, wanted.toLowerCase()) ? [] : [`${column.name} is ${type}, not ${wanted}`];
  });
  return { name, exists: true, missing: shape.filter((column) => !types.has(column.name)), unfit };
}

/** Lengths do not matter, digits after the point do: `varchar(16777216)` is VARCHAR, `number(18,2)` would round money. */
function fits(type: string, wanted: string): boolean {
  return kernel(type) === kernel(wanted);
}

function kernel(type: string): string {
  const [, base = type, scale] = /^(\w+)(?:\(\d+(?:,\s*(\d+))?\))?/.exec(type) ?? [];
  return base === 'number' ? `number .${scale ?? '0'}` : base;
}
