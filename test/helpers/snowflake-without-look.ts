/** Both protocols without the look for rows that are there already. Only to prove that the tests notice. */
import { guardedLoader } from '../../gateway/warehouse/snowflake/destination-guarded.ts';
import { createProcedure } from '../../gateway/warehouse/snowflake/load-procedure.ts';
import type { MakeLoader } from '../../gateway/warehouse/snowflake/writer.ts';
import type { Place } from '../../gateway/warehouse/snowflake/object-names.ts';

const look = 'known.seq IS NULL';

/** The procedure with the same comment, so that gateways take it for theirs. */
export function procedureWithoutLook(place: Place): string {
  const sql = createProcedure(place);
  if (sql.split(look).length !== 3) throw new Error('The procedure looks in another way now: nothing was taken out');
  return sql.replaceAll(look, 'TRUE');
}

export const loaderWithoutLook: MakeLoader = (execute, place) =>
  guardedLoader((sql, binds) => execute(sql.replaceAll(look, 'TRUE'), binds), place);
