/** Protocol (a): the whole batch in one CALL. A replay at any later time, on any session, misses the compare-and-set and writes nothing. */
import { SnowflakeFault } from './fault.ts';
import { callProcedure, readLoadAnswer } from './load-procedure.ts';
import type { Execute, Loader } from './loader.ts';
import type { Place } from './object-names.ts';

export function procedureLoader(execute: Execute, place: Place): Loader {
  const sql = callProcedure(place);
  return async ({ streamId, from, to, rowsJson, parkedJson }) => {
    const { rows } = await execute(sql, [streamId, from, to, rowsJson, parkedJson]);
    const said = Object.values(rows[0] ?? {})[0];
    const answer = readLoadAnswer(said);
    if (answer === null) throw unusable(said);
    return answer;
  };
}

function unusable(said: unknown): SnowflakeFault {
  if (typeof said === 'string' && said.startsWith('refused: '))
    return new SnowflakeFault('statement', `LOAD_API_USAGE ${said}`);
  return new SnowflakeFault('procedure', `The load procedure answered ${JSON.stringify(said)}: it is not ours`);
}
