/** One statement through the driver: sent once, its rows collected from the stream. Errors are the driver's own; the session classifies them. */
import type { Connection, RowStatement } from 'snowflake-sdk';
import type { SqlRow } from '../warehouse.ts';
import { fetchAsString, readRow, resultColumns } from './result-rows.ts';
import type { Statement, StatementResult } from './session.ts';

type Work = Pick<Statement, 'sql' | 'binds' | 'tag'>;

/** `onSent` gets the statement while it runs, so that it can be cancelled. */
export async function runStatement(
  connection: Connection,
  work: Work,
  onSent: (statement: RowStatement) => void,
): Promise<StatementResult> {
  const statement = await send(connection, work, onSent);
  return {
    rows: await collect(statement),
    changedRows: changedRows(statement),
    queryId: statement.getQueryId() ?? null,
  };
}

/** The callback may come a second time, when the driver asks again for a result it lost; the first one counts. */
function send(connection: Connection, { sql, binds, tag }: Work, onSent: (statement: RowStatement) => void) {
  return new Promise<RowStatement>((resolve, reject) => {
    const sent = connection.execute({
      sqlText: sql,
      binds: [...(binds ?? [])],
      parameters: { QUERY_TAG: tag },
      fetchAsString,
      complete: (error, statement) => (error ? reject(error) : resolve(statement)),
    });
    onSent(sent);
  });
}

async function collect(statement: RowStatement): Promise<SqlRow[]> {
  const columns = resultColumns(statement.getColumns() ?? []);
  const rows: SqlRow[] = [];
  for await (const values of statement.streamRows()) rows.push(readRow(columns, values));
  return rows;
}

/** The driver says -1, or nothing, where a statement is none that changes rows. */
function changedRows(statement: RowStatement): number | null {
  const changed = statement.getNumUpdatedRows();
  return changed === undefined || changed < 0 ? null : changed;
}
