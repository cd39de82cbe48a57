/** SHOW of what belongs to the account or the session: warehouses, roles, grants, parameters, locks and transactions. */
import type { Engine, Running } from './engine.ts';
import { warehouse } from './grants.ts';
import { activeTransaction } from './sessions.ts';
import type { Compiled } from './sql/statement.ts';

type Show = Extract<Compiled, { readonly kind: 'show' }>;
export type Row = Readonly<Record<string, string | null>>;

export const yes = (flag: boolean): string => (flag ? 'Y' : 'N');

export function accountRows(engine: Engine, running: Running, what: string, statement: Show): readonly Row[] {
  const { account } = engine;
  const { scope, session } = running;
  switch (what) {
    case 'warehouses':
      return [...account.warehouses.values()]
        .filter(({ name }) => account.grants.sees(scope.role, warehouse(name)))
        .map((one) => ({
          name: one.name,
          state: one.state === 'running' ? 'STARTED' : 'SUSPENDED',
          type: 'STANDARD',
          size: one.size,
          is_current: yes(one.name === session.warehouse),
          auto_suspend: `${one.autoSuspendSeconds}`,
          auto_resume: String(one.autoResume),
          resource_monitor: one.exhaustedMonitor ?? 'null',
        }));
    case 'roles':
      return [...(account.users.get(session.user)?.roles ?? [])].map((name) => ({
        name,
        is_current: yes(name === scope.role),
      }));
    case 'parameters':
      return running.parameters
        .list()
        .map(({ name, value }) => ({ key: name, value: String(value), level: 'SESSION' }));
    case 'grants':
      return account.grants
        .all()
        .filter((grant) => grant.role === (statement.inObject?.name ?? scope.role))
        .map((grant) => ({
          privilege: grant.privilege.toUpperCase(),
          granted_on: grant.on.kind.toUpperCase(),
          name: grant.on.name,
          granted_to: 'ROLE',
          grantee_name: grant.role,
          grant_option: 'false',
        }));
    case 'locks':
      return engine.transactions.locks.holders().map((held) => ({
        resource: held.table,
        type: 'PARTITIONS',
        transaction: held.transaction,
        status: 'HOLDING',
        query_id: held.statement,
        session: `${held.session}`,
      }));
    case 'transactions':
      return engine.transactions.open().map((open) => ({
        id: open.id,
        session: `${open.session}`,
        name: open.id,
        started_on: open.startedAt.toISOString(),
        state: 'running',
        scope: activeTransaction(scope)?.id === open.id ? '1' : '0',
      }));
    default:
      return [];
  }
}
