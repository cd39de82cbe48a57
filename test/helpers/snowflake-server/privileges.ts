/** What a statement needs before it may run: a warehouse that runs, and the role's privileges. Checked anew at every statement. */
import type { Account } from './account.ts';
import { insufficientPrivileges, noActiveWarehouse, warehouseQuotaUsed } from './errors.ts';
import { procedure, schema, table, warehouse, type Securable } from './grants.ts';
import type { Scope, Session } from './sessions.ts';
import type { Compiled, ObjectName } from './sql/statement.ts';

/**
 * A suspended warehouse resumes on its own when it may. One that may not, one that is gone and one that the role may not use are the same to
 * the session: it has no active warehouse.
 * @throws SqlError 000606, 090073
 */
export function needWarehouse(account: Account, session: Session, scope: Scope): void {
  const found = session.warehouse === null ? undefined : account.warehouses.get(session.warehouse);
  if (found === undefined || !account.grants.allows(scope.role, 'usage', warehouse(found.name))) {
    throw noActiveWarehouse();
  }
  if (found.state === 'running') return;
  if (found.exhaustedMonitor !== null) throw warehouseQuotaUsed(found.name, found.exhaustedMonitor);
  if (!found.autoResume) throw noActiveWarehouse();
  found.state = 'running';
}

/** @throws SqlError 003001 */
export function needPrivileges(account: Account, scope: Scope, statement: Compiled): void {
  for (const need of needsOf(statement)) {
    if (account.grants.allows(scope.role, need.privilege, need.on)) continue;
    throw insufficientPrivileges(need.on.kind, need.on.name.split('.').at(-1) ?? need.on.name);
  }
}

interface Need {
  readonly privilege: string;
  readonly on: Securable;
}

const reading = (reads: readonly ObjectName[]): readonly Need[] =>
  reads
    .filter((name) => name.schema !== 'INFORMATION_SCHEMA')
    .map((name) => ({ privilege: 'select', on: table(name) }));
const inSchema = (privilege: string, name: ObjectName): Need => ({ privilege, on: schema(name.database, name.schema) });

function needsOf(statement: Compiled): readonly Need[] {
  switch (statement.kind) {
    case 'query':
      return reading(statement.reads);
    case 'insert':
    case 'update':
    case 'delete':
      return [{ privilege: statement.kind, on: table(statement.target) }, ...reading(statement.reads)];
    case 'merge': {
      const on = table(statement.target);
      return [{ privilege: 'insert', on }, { privilege: 'update', on }, ...reading(statement.reads)];
    }
    case 'create_table':
      return [inSchema('create table', statement.table.name)];
    case 'create_view':
      return [inSchema('create view', statement.table.name)];
    case 'create_procedure':
      return [inSchema('create procedure', statement.procedure.name)];
    case 'alter_table':
      return [{ privilege: 'ownership', on: table(statement.target) }];
    case 'call':
      return [{ privilege: 'usage', on: procedure(statement.procedure.name) }];
    default:
      return [];
  }
}
