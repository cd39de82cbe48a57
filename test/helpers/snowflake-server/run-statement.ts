/** From the text of a query request to its outcomes: split, compile against what the session sees, execute, one after another. */
import type { Binds } from './binds.ts';
import type { Engine, Running } from './engine.ts';
import { SqlError, statementCountMismatch } from './errors.ts';
import { execute } from './execute.ts';
import { told, statementType, type Outcome } from './outcome.ts';
import { compileStatement, splitStatements } from './sql/compile.ts';
import { toSqlError } from './sql/run-time-faults.ts';
import { systemFunction } from './system-functions.ts';

export interface StatementText {
  readonly sqlText: string;
  readonly binds: Binds;
  readonly describeOnly: boolean;
}

/** One outcome a statement. @throws SqlError */
export async function runStatements(
  engine: Engine,
  running: Running,
  request: StatementText,
): Promise<readonly Outcome[]> {
  const wanted = running.parameters.number('MULTI_STATEMENT_COUNT');
  const texts = wanted === 1 ? single(request.sqlText) : splitStatements(request.sqlText);
  if (wanted !== 0 && texts.length !== wanted) throw statementCountMismatch(texts.length, wanted);
  const outcomes: Outcome[] = [];
  for (const text of texts) outcomes.push(await runOne(engine, running, { ...request, sqlText: text }));
  return outcomes;
}

/** A text that cannot be split (an open quote, say) is left to the compiler, which says what is wrong with it. */
function single(sqlText: string): readonly string[] {
  try {
    const texts = splitStatements(sqlText);
    return texts.length === 0 ? [sqlText] : texts;
  } catch (error) {
    if (error instanceof SqlError) return [sqlText];
    throw error;
  }
}

async function runOne(engine: Engine, running: Running, request: StatementText): Promise<Outcome> {
  running.signal.throwIfAborted();
  try {
    return (await systemFunction(engine, running, request.sqlText)) ?? (await compileAndRun(engine, running, request));
  } catch (error) {
    // An interrupted DuckDB query says so in its own words; the reason for the interrupt is the answer.
    running.signal.throwIfAborted();
    throw toSqlError(error) ?? error;
  }
}

function compileAndRun(engine: Engine, running: Running, request: StatementText): Promise<Outcome> | Outcome {
  const { binds } = request;
  const catalog = engine.sight.catalog(running.session, running.scope);
  const statement = compileStatement(request.sqlText, catalog, binds.types.length, binds.types);
  if (!request.describeOnly) return execute(engine, { ...running, sqlText: request.sqlText }, statement, binds);
  if (statement.kind !== 'query') return told(statementType.query, 'Statement described.');
  return { statementTypeId: statementType.query, columns: statement.columns, rows: [], rowCount: 0 };
}
