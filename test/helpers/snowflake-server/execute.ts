/** One compiled statement, executed: what it needs is checked first, then it runs in the right transaction. */
import { assertNever } from '../../../contract/errors.ts';
import { runDuck, runDuckForRows, type Binds } from './binds.ts';
import { call } from './call.ts';
import { define, isDefinition } from './ddl.ts';
import type { Engine, Running } from './engine.ts';
import { executeGrant } from './grant-statement.ts';
import { changed, column, rowsOf, statementType, told, type Outcome } from './outcome.ts';
import { needPrivileges, needWarehouse } from './privileges.ts';
import { begin, end, inTransaction } from './scopes.ts';
import { alterSession, switchTo } from './session-statements.ts';
import { describeTable, show } from './show.ts';
import type { Compiled } from './sql/statement.ts';

type Kinds<K extends Compiled['kind']> = Extract<Compiled, { readonly kind: K }>;
type Change = Kinds<'insert' | 'update' | 'delete' | 'merge'>;

export async function execute(engine: Engine, running: Running, statement: Compiled, binds: Binds): Promise<Outcome> {
  needPrivileges(engine.account, running.scope, statement);
  if (isDefinition(statement)) return define(engine, running, statement);
  switch (statement.kind) {
    case 'query':
      return query(engine, running, statement, binds);
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return change(engine, running, statement, binds);
    case 'call':
      return call(engine, running, statement, binds, execute);
    case 'begin':
      begin(engine, running);
      return told(statementType.transaction, 'Statement executed successfully.');
    case 'commit':
    case 'rollback':
      await end(running.scope, statement.kind);
      return told(statementType.transaction, 'Statement executed successfully.');
    case 'use':
      return switchTo(engine, running, statement);
    case 'alter_session':
      return alterSession(running, statement);
    case 'show':
      return show(engine, running, statement);
    case 'describe_table':
      return describeTable(engine, running, statement.target);
    case 'grant':
      return executeGrant(engine, running, statement.text);
    case 'explain':
      return {
        statementTypeId: statementType.query,
        columns: [column('content')],
        rows: [[statement.text]],
        rowCount: 1,
      };
    default:
      return assertNever(statement);
  }
}

async function query(engine: Engine, running: Running, statement: Kinds<'query'>, binds: Binds): Promise<Outcome> {
  if (hasSource(statement)) needWarehouse(engine.account, running.session, running.scope);
  return inTransaction(engine, running, {
    write: null,
    lock: null,
    run: async (connection) => {
      const result = await runDuck(connection, statement.duck, binds.rows[0] ?? [], running.signal);
      return rowsOf(statement.columns, await result.getRows());
    },
  });
}

/** A query of expressions alone needs no warehouse; one of rows does, wherever they come from. */
const hasSource = ({ duck, reads }: Kinds<'query'>): boolean =>
  reads.length > 0 || /\bFROM\b/i.test(duck.sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''));

async function change(engine: Engine, running: Running, statement: Change, binds: Binds): Promise<Outcome> {
  needWarehouse(engine.account, running.session, running.scope);
  const table = statement.target;
  const mode = statement.kind === 'insert' ? 'append' : 'rewrite';
  let { duck } = statement;
  const inTwo = engine.looksAgain() ? null : (statement.inTwo ?? null);
  return inTransaction(engine, running, {
    write: { table, mode },
    lock: { table, mode },
    beforeWait:
      inTwo &&
      (async (connection) => {
        const found = await runDuck(connection, inTwo.keys, binds.rows[0] ?? [], running.signal);
        duck = inTwo.change((await found.getRows()).map(([key]) => String(key)));
      }),
    run: async (connection) => {
      if (statement.kind === 'merge') {
        const merging = { ...duck, sql: `${duck.sql} RETURNING merge_action` };
        const result = await runDuck(connection, merging, binds.rows[0] ?? [], running.signal);
        const actions = (await result.getRows()).map(([action]) => String(action));
        return changed('merge', [countOf(actions, 'INSERT'), actions.length - countOf(actions, 'INSERT')]);
      }
      const rows = await runDuckForRows(connection, duck, binds.rows, running.signal);
      return changed(statement.kind, statement.kind === 'update' ? [rows, 0] : [rows]);
    },
  });
}

const countOf = (actions: readonly string[], action: string): number =>
  actions.filter((other) => other === action).length;
