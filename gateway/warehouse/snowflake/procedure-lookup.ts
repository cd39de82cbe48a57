/** Is the load procedure there, and is it ours? SHOW lists only what the role may use, and needs no running warehouse. */
import { procedureAge, type ProcedureAge } from './load-procedure.ts';
import type { Execute } from './loader.ts';
import { likePattern, procedureName, schemaOf, storedName, type Place } from './object-names.ts';

export type ProcedureFound = ProcedureAge | 'absent';

export async function lookUpProcedure(execute: Execute, place: Place): Promise<ProcedureFound> {
  const { rows } = await execute(`SHOW PROCEDURES LIKE ${likePattern(procedureName)} IN SCHEMA ${schemaOf(place)}`);
  const row = rows.find((candidate) => candidate['name'] === storedName(procedureName));
  if (row === undefined) return 'absent';
  const comment = row['description'];
  return procedureAge(typeof comment === 'string' ? comment : null);
}
