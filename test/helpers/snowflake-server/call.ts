/**
 * CALL: the body runs inside the session, with the rights of the procedure's owner and in the procedure's own schema, or as the caller.
 * A transaction begun in the body must end in it; one that the caller had open goes on through it.
 */
import type { Binds } from './binds.ts';
import type { Engine, Running } from './engine.ts';
import { toBindValue } from './encode-result.ts';
import { scopedTransactionOpen } from './errors.ts';
import { procedure } from './grants.ts';
import { column, statementType, text, whole, type Outcome } from './outcome.ts';
import type { Scope } from './sessions.ts';
import { runScript } from './sql/script.ts';
import type { BindValue, CallArgument, Compiled, ProcedureShape, ScriptHost, SnowflakeType } from './sql/statement.ts';

type Execute = (engine: Engine, running: Running, statement: Compiled, binds: Binds) => Promise<Outcome>;
type CallStatement = Extract<Compiled, { readonly kind: 'call' }>;

export async function call(
  engine: Engine,
  running: Running,
  statement: CallStatement,
  binds: Binds,
  execute: Execute,
): Promise<Outcome> {
  const shape = statement.procedure;
  const scope = scopeOf(engine, running.scope, shape);
  const args = statement.args.map((argument) => valueOf(argument, binds.rows[0] ?? []));
  try {
    const value = await runScript(shape, args, hostIn(engine, { ...running, scope }, execute));
    if (scope.transaction?.open === true) throw scopedTransactionOpen();
    return returned(shape, value);
  } finally {
    await scope.transaction?.rollback();
  }
}

function scopeOf(engine: Engine, outer: Scope, shape: ProcedureShape): Scope {
  const { role, database, schema } = outer;
  if (engine.objects.runsAsCaller(shape.name)) return { outer, transaction: null, role, database, schema };
  return {
    outer,
    transaction: null,
    role: engine.account.grants.owner(procedure(shape.name)) ?? role,
    database: shape.name.database,
    schema: shape.name.schema,
  };
}

const valueOf = (argument: CallArgument, binds: readonly BindValue[]): BindValue =>
  argument.kind === 'bind' ? (binds[argument.index] ?? null) : argument.value;

function hostIn(engine: Engine, running: Running, execute: Execute): ScriptHost {
  return {
    catalog: () => engine.sight.catalog(running.session, running.scope),
    execute: async (statement, binds) => {
      running.signal.throwIfAborted();
      const outcome = await execute(engine, running, statement, { types: [], rows: [binds] });
      return {
        rows: outcome.rows.map((row) => row.map((value) => toBindValue(value))),
        rowCount: outcome.rowCount,
      };
    },
  };
}

function returned(shape: ProcedureShape, value: unknown): Outcome {
  const plain = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  return {
    statementTypeId: statementType.query,
    columns: [column(shape.name.name, shape.returns ?? typeOf(value))],
    rows: [[plain]],
    rowCount: 1,
  };
}

function typeOf(value: unknown): SnowflakeType {
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'object' && value !== null) return { kind: 'variant' };
  if (typeof value !== 'number') return text;
  return Number.isInteger(value) ? whole : { kind: 'float' };
}
