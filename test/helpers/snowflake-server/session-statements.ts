/** USE and ALTER SESSION. */
import type { Engine, Running } from './engine.ts';
import { cannotUse, roleNotAssigned, unknownParameter } from './errors.ts';
import { warehouse } from './grants.ts';
import { statementType, told, type Outcome } from './outcome.ts';
import type { Compiled } from './sql/statement.ts';

type Use = Extract<Compiled, { readonly kind: 'use' }>;
type AlterSession = Extract<Compiled, { readonly kind: 'alter_session' }>;

/** @throws SqlError 002043, 003013 */
export function switchTo(engine: Engine, running: Running, statement: Use): Outcome {
  const { account, sight } = engine;
  const { scope, session } = running;
  const { name } = statement;
  if (statement.what === 'role') {
    if (account.users.get(session.user)?.roles.has(name) !== true) throw roleNotAssigned(name);
    scope.role = name;
  } else if (statement.what === 'warehouse') {
    if (!account.warehouses.has(name) || !account.grants.sees(scope.role, warehouse(name))) throw cannotUse();
    session.warehouse = name;
  } else if (statement.what === 'database') {
    if (!sight.seesDatabase(scope.role, name)) throw cannotUse();
    scope.database = name;
    scope.schema = sight.seesSchema(scope.role, name, 'PUBLIC') ? 'PUBLIC' : null;
  } else {
    const database = statement.database ?? scope.database;
    if (database === null || !sight.seesSchema(scope.role, database, name)) throw cannotUse();
    scope.database = database;
    scope.schema = name;
  }
  return told(statementType.use, 'Statement executed successfully.');
}

/** @throws SqlError 001006 */
export function alterSession(running: Running, statement: AlterSession): Outcome {
  for (const [name, value] of Object.entries(statement.parameters)) {
    if (!running.session.parameters.set(name, value)) throw unknownParameter(name);
  }
  return told(statementType.alterSession, 'Statement executed successfully.');
}
