/** What each step of the connection test asks once the login has passed. A thrown fault is the step's own failure (steps.ts). */
import type { SnowflakeProfile } from '../../../contract/snowflake.ts';
import { runSetupAgain } from './destination-fault.ts';
import { SnowflakeFault, type FaultKind } from './fault.ts';
import type { Execute } from './loader.ts';
import { likePattern, schemaOf, storedName } from './object-names.ts';
import { lookUpProcedure } from './procedure-lookup.ts';
import { failed, passed, warned, type StepOutcome } from './step-list.ts';
import { inspectTables } from './table-shape.ts';

const runSetup = 'Run Setup (Settings → Snowflake).';

export async function checkRole(execute: Execute, { role }: SnowflakeProfile): Promise<StepOutcome> {
  const { rows } = await execute('SELECT CURRENT_ROLE() AS role_name');
  const current = String(rows[0]?.['role_name'] ?? '');
  if (role === null || current === storedName(role)) return passed(`Role ${current}`);
  return failed(
    `The session has the role ${current}, not ${role}`,
    `Have the role granted to the user: GRANT ROLE ${role} TO USER …`,
  );
}

/** Exists, may be used, and answers a question that needs it. The question resumes it when it is suspended. */
export async function checkWarehouse(execute: Execute, { warehouse, role }: SnowflakeProfile): Promise<StepOutcome> {
  const { rows } = await execute(`SHOW WAREHOUSES LIKE ${likePattern(warehouse)}`);
  const found = rows.find((row) => row['name'] === storedName(warehouse));
  if (found === undefined) {
    return failed(
      `The warehouse ${warehouse} does not exist, or the role may not see it`,
      `Check its name, or have it granted: GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${role ?? '…'}`,
    );
  }
  await execute(`USE WAREHOUSE ${warehouse}`);
  await execute('SELECT COUNT(*) AS answered FROM TABLE(GENERATOR(ROWCOUNT => 1))');
  return passed(`Warehouse ${storedName(warehouse)} answers`);
}

export function checkDatabase(execute: Execute, { database, role }: SnowflakeProfile): Promise<StepOutcome> {
  return enter(execute, `DATABASE ${database}`, `Database ${storedName(database)}`, role);
}

export function checkSchema(execute: Execute, profile: SnowflakeProfile): Promise<StepOutcome> {
  const schema = schemaOf(profile);
  return enter(execute, `SCHEMA ${schema}`, `Schema ${storedName(profile.schema)}`, profile.role);
}

/** Snowflake says the same of what is missing and of what the role may not use. */
async function enter(execute: Execute, what: string, told: string, role: string | null): Promise<StepOutcome> {
  try {
    await execute(`USE ${what}`);
    return passed(told);
  } catch (error) {
    if (!(error instanceof SnowflakeFault) || !aboutObjects.has(error.kind)) throw error;
    return failed(
      `${told} does not exist, or the role may not use it`,
      `Check its name, or have it granted: GRANT USAGE ON ${what} TO ROLE ${role ?? '…'}`,
    );
  }
}

const aboutObjects: ReadonlySet<FaultKind> = new Set(['database', 'schema', 'table', 'privileges', 'statement']);

export async function checkTable(execute: Execute, profile: SnowflakeProfile): Promise<StepOutcome> {
  const tables = await inspectTables(execute, profile);
  const unfit = tables.flatMap((table) => table.unfit.map((what) => `${storedName(table.name)}: ${what}`));
  if (unfit.length > 0) return failed(unfit.join('; '), 'Correct the column, or rename the table and run Setup.');
  const absent = tables.filter((table) => !table.exists).map((table) => storedName(table.name));
  if (absent.length > 0) return warned(`${absent.join(', ')}: not there yet`, runSetup);
  const missing = tables.flatMap((table) => table.missing.map((column) => `${storedName(table.name)}.${column.name}`));
  if (missing.length > 0) return warned(`Columns are missing: ${missing.join(', ')}`, runSetupAgain);
  return passed('All tables have all columns');
}

export async function checkProcedure(execute: Execute, profile: SnowflakeProfile): Promise<StepOutcome> {
  switch (await lookUpProcedure(execute, profile)) {
    case 'same':
      return passed('One CALL writes a batch');
    case 'newer':
      return warned(
        'The load procedure is of a newer version: this gateway writes by a guarded insert',
        'Update this program.',
      );
    case 'older':
      return failed('The load procedure is of another version: nothing is delivered', runSetupAgain);
    case 'absent':
      return warned('No load procedure: rows are written by a guarded insert in a transaction', runSetup);
  }
}
