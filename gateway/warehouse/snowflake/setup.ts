/**
 * Makes what delivery and the dashboard need in the user's schema. Idempotent: it looks first, makes what is missing, adds columns that a
 * newer version writes, replaces its own procedure and views when their text changed. It drops nothing and changes no column that is there.
 */
import type { SnowflakeSetup } from '../../../contract/snowflake.ts';
import { createTable, sqlType, tableShapes, type Column } from '../table.ts';
import { grantsScript, optionalScript } from './admin-scripts.ts';
import { SnowflakeFault } from './fault.ts';
import { createProcedure } from './load-procedure.ts';
import { executeIn, type Execute } from './loader.ts';
import { procedureName, schemaOf, storedName, type Place } from './object-names.ts';
import { lookUpProcedure, type ProcedureFound } from './procedure-lookup.ts';
import { reportingViews, type ReportingView } from './reporting-views.ts';
import { queryTag } from './query-tag.ts';
import type { OpenSession, SnowflakeAccess } from './session.ts';
import { ensure, type SetupLine, type Wanted } from './setup-report.ts';
import { inspectTables, type TableFinding } from './table-shape.ts';

export interface SetupOptions {
  /** Only says what it would do. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

const statementTimeoutMs = 60_000;
const guardedInstead = 'Delivery works without it: rows are then written by a guarded insert in a transaction.';

/** @throws SnowflakeFault when there is no way in (a dry run then tells everything), or the connection is lost on the way */
export async function runSetup(
  open: OpenSession,
  access: SnowflakeAccess,
  { dryRun, signal }: SetupOptions,
): Promise<SnowflakeSetup> {
  const session = await open(access, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (dryRun && error instanceof SnowflakeFault) return error;
    throw error;
  });
  if (session instanceof SnowflakeFault) return report(access, dryRun, unseen(access.profile, session));
  try {
    const execute = executeIn(session, { tag: queryTag('setup'), timeoutMs: statementTimeoutMs, signal });
    return report(access, dryRun, await carryOut(execute, access.profile, dryRun));
  } finally {
    void session.close();
  }
}

function report({ profile }: SnowflakeAccess, dryRun: boolean, statements: SetupLine[]): SnowflakeSetup {
  const ok = statements.every((line) => line.state !== 'failed' || isOptional(line));
  return { dryRun, statements, grants: grantsScript(profile), optional: optionalScript(profile), ok };
}

/** The text is worth reading before there is a way in: all of it, as for an empty schema. */
function unseen(place: Place, why: SnowflakeFault): SetupLine[] {
  const detail = `Not compared with what is there: ${why.message}`;
  const wants = [
    ...[...tableShapes.keys()].flatMap((name) => tableWants(place, { name, exists: false, missing: [], unfit: [] })),
    procedureWant(place, 'absent'),
    ...reportingViews(place).map((view) => viewWant(view, new Map())),
  ];
  return wants.map(({ name, sql }) => ({ name, sql, state: 'would', detail }));
}

/** Without a view or a first procedure delivery works; a procedure of another version has to be replaced. */
function isOptional({ name, detail }: SetupLine): boolean {
  return name.startsWith('view ') || (name.startsWith('procedure ') && detail.endsWith(guardedInstead));
}

async function carryOut(execute: Execute, place: Place, dryRun: boolean): Promise<SetupLine[]> {
  const lines: SetupLine[] = [];
  for (const finding of await inspectTables(execute, place)) {
    for (const wanted of tableWants(place, finding)) lines.push(await ensure(execute, wanted, dryRun));
    lines.push(...unfitLines(finding));
  }
  lines.push(await ensure(execute, procedureWant(place, await lookUpProcedure(execute, place)), dryRun));
  const comments = await viewComments(execute, place);
  for (const view of reportingViews(place)) lines.push(await ensure(execute, viewWant(view, comments), dryRun));
  return lines;
}

function tableWants(place: Place, { name, exists, missing }: TableFinding): Wanted[] {
  const qualified = `${schemaOf(place)}.${name}`;
  const sql = createTable('snowflake', qualified, tableShapes.get(name) ?? []);
  const table = { name: `table ${storedName(name)}`, sql, present: exists };
  const columns = exists ? missing.map((column) => columnWant(qualified, name, column)) : [];
  return [table, ...columns];
}

/** Nullable whatever the column is in a new table: rows that are there have no value for it. */
function columnWant(qualified: string, table: string, { name, kind }: Column): Wanted {
  return {
    name: `column ${storedName(table)}.${storedName(name)}`,
    sql: `ALTER TABLE ${qualified} ADD COLUMN ${name} ${sqlType('snowflake', kind)}`,
    present: false,
    detail: 'The table is of an older version',
  };
}

function unfitLines({ name, unfit }: TableFinding): SetupLine[] {
  return unfit.map((what) => ({
    name: `table ${storedName(name)}`,
    sql: '',
    state: 'failed',
    detail: `${what}. Setup changes no column: rename the table and run Setup again, or correct the column.`,
  }));
}

function procedureWant(place: Place, found: ProcedureFound): Wanted {
  const base = { name: `procedure ${storedName(procedureName)}`, sql: createProcedure(place) };
  switch (found) {
    case 'same':
      return { ...base, present: true };
    case 'newer':
      return { ...base, present: true, detail: 'Of a newer version of this program; this one delivers without it' };
    case 'older':
      return {
        ...base,
        present: false,
        detail: 'Replaces another version',
        instead: 'Until its owner runs Setup, nothing is delivered.',
      };
    case 'absent':
      return { ...base, present: false, instead: guardedInstead };
  }
}

/** View name as Snowflake stores it → its comment. */
async function viewComments(execute: Execute, place: Place): Promise<ReadonlyMap<unknown, unknown>> {
  const { rows } = await execute(`SHOW VIEWS LIKE 'API_USAGE_%' IN SCHEMA ${schemaOf(place)}`);
  return new Map(rows.map((row) => [row['name'], row['comment']]));
}

function viewWant({ name, comment, sql }: ReportingView, comments: ReadonlyMap<unknown, unknown>): Wanted {
  const stored = storedName(name);
  return {
    name: `view ${stored}`,
    sql,
    present: comments.get(stored) === comment,
    detail: comments.has(stored) && comments.get(stored) !== comment ? 'Replaces an older text' : '',
    instead: 'Delivery does not need it.',
  };
}
