/** What names mean inside one SELECT: relations of its FROM, aliases of its list, and the SELECTs around it. */
import { faults } from '../faults.ts';
import { quote } from '../names.ts';
import type { Name, Query } from '../read/ast.ts';
import type { Place } from '../read/token.ts';
import type { Catalog, ObjectName, SnowflakeType } from '../statement.ts';
import type { CastContext } from './cast-shape.ts';
import { noMakeup, type ExprType, type Typed } from './typed.ts';

export interface ScopeColumn {
  readonly name: string;
  /** Its quoted name in the DuckDB relation; differs where a subquery has one name twice. */
  readonly duck: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
  /** Of FLATTEN's VALUE: paths that are taken out of it; grows while the statement is checked. */
  readonly taken?: string[];
}

export interface Relation {
  /** As the statement names it; null where it does not. */
  readonly alias: string | null;
  readonly object: ObjectName | null;
  /** Quoted DuckDB alias. */
  readonly duck: string;
  readonly columns: readonly ScopeColumn[];
  /** Columns that USING merged into the left side: found only by qualified names. */
  readonly merged: ReadonlySet<string>;
}

/** One checked query: DuckDB SQL and its columns. */
export interface Relational {
  readonly sql: string;
  readonly columns: readonly ScopeColumn[];
}

export interface Binds {
  readonly count: number;
  readonly types: readonly SnowflakeType[] | null;
  /** Bind of `:name` in a script; null outside of one or where there is no such variable. */
  variable(name: string): { readonly index: number; readonly type: SnowflakeType } | null;
}

/** What one statement is compiled with. */
export interface Compiler extends CastContext {
  readonly catalog: Catalog;
  readonly binds: Binds;
  /** Tables and views read so far; filled while compiling. */
  readonly reads: ObjectName[];
  /** Of each FLATTEN so far, the paths taken out of its VALUE; filled while compiling. */
  readonly taken: string[][];
  /** Checks the query of a subexpression. */
  query(query: Query, scope: Scope): Relational;
}

export interface Scope {
  readonly compiler: Compiler;
  readonly relations: readonly Relation[];
  readonly outer: Scope | null;
  readonly ctes: ReadonlyMap<string, Relational>;
  /** SELECT-list aliases, where they may be used. */
  readonly alias: (name: string, scope: Scope) => Typed | null;
  /** DuckDB SQL of what is grouped by. */
  readonly groups: ReadonlySet<string>;
  /** Name of the clause where aggregates are wrong; null where they are right. */
  readonly noAggregates: string | null;
}

export function rootScope(compiler: Compiler): Scope {
  return {
    compiler,
    relations: [],
    outer: null,
    ctes: new Map(),
    alias: () => null,
    groups: new Set(),
    noAggregates: null,
  };
}

interface Found {
  readonly relation: Relation;
  readonly column: ScopeColumn;
}

function matches(relation: Relation, qualifier: Name): boolean {
  const [alias, schema, database] = qualifier.toReversed();
  if (alias === undefined) return true;
  if (schema === undefined) return relation.alias === alias;
  const { object } = relation;
  return (
    object !== null &&
    object.name === alias &&
    object.schema === schema &&
    (database === undefined || object.database === database)
  );
}

/** Relations that `qualifier.*` means; all of them without one. */
export function relationsOf(scope: Scope, qualifier: Name): readonly Relation[] {
  return scope.relations.filter((relation) => matches(relation, qualifier));
}

function findIn(scope: Scope, parts: Name, at: Place): Found | null {
  const name = parts.at(-1) ?? '';
  const qualifier = parts.slice(0, -1);
  const found = scope.relations
    .filter((relation) => matches(relation, qualifier) && !(qualifier.length === 0 && relation.merged.has(name)))
    .flatMap((relation) =>
      relation.columns.filter((column) => column.name === name).map((column) => ({ relation, column })),
    );
  if (found.length > 1) throw faults.ambiguous(at, parts.join('.'));
  return found[0] ?? null;
}

function columnValue({ relation, column }: Found, at: Place, local: boolean): Typed {
  const text = relation.alias === null ? column.name : `${relation.alias}.${column.name}`;
  const type: ExprType = column.type;
  const sql = `${relation.duck}.${column.duck}`;
  const taken = column.taken === undefined ? undefined : { paths: column.taken, sql: `${relation.duck}."paths"` };
  return { ...noMakeup, loose: local ? [text] : [], sql, type, nullable: column.nullable, text, at, taken };
}

export function columnOf(scope: Scope, parts: Name, at: Place): Typed | null {
  for (let level: Scope | null = scope; level !== null; level = level.outer) {
    const found = findIn(level, parts, at);
    if (found !== null) return columnValue(found, at, level === scope);
  }
  return null;
}

/** A column, else an alias of the SELECT list. @throws SqlError 000904 */
export function resolve(scope: Scope, parts: Name, at: Place): Typed {
  const column = columnOf(scope, parts, at);
  if (column !== null) return column;
  const [name] = parts;
  const alias = parts.length === 1 && name !== undefined ? scope.alias(name, scope) : null;
  if (alias === null) throw faults.invalidIdentifier(at, parts.join('.'));
  return alias;
}

/** Gives every column a DuckDB name of its own. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const folded = name.toLowerCase(); // DuckDB's names do not tell case apart
    const times = seen.get(folded) ?? 0;
    seen.set(folded, times + 1);
    return quote(times === 0 ? name : `${name}:${times}`);
  });
}
