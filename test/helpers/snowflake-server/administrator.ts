/**
 * What an administrator does to the account while others work: by SQL without the network, with the rights of ACCOUNTADMIN, and by switches that
 * SQL has no word for. Names are written as in SQL.
 */
import type { Warehouse } from './account.ts';
import { noBinds } from './binds.ts';
import { reshape } from './ddl.ts';
import type { Engine, Running } from './engine.ts';
import { toBindValue } from './encode-result.ts';
import { objectAbsent, unknownParameter } from './errors.ts';
import { administrator, type Securable, type SecurableKind } from './grants.ts';
import { dotted, storedName, storedParts } from './names.ts';
import { Parameters, type ParameterValue } from './parameters.ts';
import { runStatements } from './run-statement.ts';
import type { Session } from './sessions.ts';
import { duckTableName, quote } from './sql/names.ts';
import type { BindValue, ObjectName } from './sql/statement.ts';

export type PlainRow = Readonly<Record<string, BindValue>>;

export class Administrator {
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(engine: Engine) {
    this.#engine = engine;
    const user = engine.account.addUser('LOCAL_ADMINISTRATOR', [administrator]);
    const warehouse = 'LOCAL_ADMINISTRATION';
    engine.account.addWarehouse(warehouse);
    this.#session = engine.sessions.open({
      user: user.name,
      role: administrator,
      warehouse,
      database: null,
      schema: null,
      defaults: null,
    });
  }

  /** One or more statements; the rows of the last one. @throws SqlError */
  async run(sqlText: string): Promise<readonly PlainRow[]> {
    const running = this.#running();
    running.parameters.set('MULTI_STATEMENT_COUNT', 0);
    const outcomes = await runStatements(this.#engine, running, { sqlText, binds: noBinds, describeOnly: false });
    const last = outcomes.at(-1);
    return (last?.rows ?? []).map((row) =>
      Object.fromEntries(last?.columns.map((column, index) => [column.name, toBindValue(row[index])]) ?? []),
    );
  }

  /** The same with the rights of another role: what it creates belongs to that role. */
  async runAs(role: string, sqlText: string): Promise<readonly PlainRow[]> {
    const { scope } = this.#session;
    scope.role = storedName(role);
    try {
      return await this.run(sqlText);
    } finally {
      scope.role = administrator;
    }
  }

  async useSchema(database: string, schema: string): Promise<void> {
    await this.run(`USE SCHEMA ${database}.${schema}`);
  }

  // ── warehouses ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** `autoResume: false` leaves sessions without a warehouse; with a monitor its quota is used up. */
  suspendWarehouse(
    name: string,
    options: { readonly autoResume?: boolean; readonly exhaustedMonitor?: string } = {},
  ): void {
    const found = this.#warehouse(name);
    found.state = 'suspended';
    found.autoResume = options.autoResume ?? false;
    found.exhaustedMonitor = options.exhaustedMonitor ?? null;
  }
  resumeWarehouse(name: string): void {
    const found = this.#warehouse(name);
    found.state = 'running';
    found.autoResume = true;
    found.exhaustedMonitor = null;
  }
  createWarehouse(name: string): Warehouse {
    return this.#engine.account.addWarehouse(storedName(name));
  }
  dropWarehouse(name: string): void {
    this.#engine.account.warehouses.delete(storedName(name));
  }

  // ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** `ALTER ACCOUNT SET …`, or of one user: defaults of the sessions that begin from now on. */
  setDefaults(parameters: Readonly<Record<string, ParameterValue>>, user: string | null = null): void {
    const { account } = this.#engine;
    const target = user === null ? account.parameters : account.users.get(user.toUpperCase())?.parameters;
    for (const [name, value] of Object.entries(parameters)) {
      if (target?.set(name, value) !== true) throw unknownParameter(name);
    }
  }

  // ── roles and grants ─────────────────────────────────────────────────────────────────────────────────────────────

  grantRole(user: string, role: string): void {
    this.#engine.account.roles.add(storedName(role));
    this.#engine.account.users.get(user.toUpperCase())?.roles.add(storedName(role));
  }
  revokeRole(user: string, role: string): void {
    this.#engine.account.users.get(user.toUpperCase())?.roles.delete(storedName(role));
  }
  /** `grant('WRITER', 'create table', 'schema', 'DB.S')` */
  grant(role: string, privilege: string, kind: SecurableKind, name: string): void {
    this.#engine.account.grants.grant(storedName(role), privilege.toLowerCase(), this.#securable(kind, name));
  }
  /** Every privilege, the ownership too, when none is named. */
  revoke(role: string, kind: SecurableKind, name: string, privilege: string | null = null): void {
    const named = privilege?.toLowerCase() ?? null;
    this.#engine.account.grants.revoke(storedName(role), this.#securable(kind, name), named);
  }

  // ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async dropTable(name: string): Promise<void> {
    await this.run(`DROP TABLE ${name}`);
  }
  async dropColumn(table: string, column: string): Promise<void> {
    await this.run(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
  async renameColumn(table: string, column: string, to: string): Promise<void> {
    const name = this.#tableName(table);
    const shape = this.#engine.objects.table(name);
    if (shape === null) throw objectAbsent('Table', dotted(name));
    const [from, into] = [storedName(column), storedName(to)];
    const columns = shape.columns.map((one) => (one.name === from ? { ...one, name: into } : one));
    await reshape(this.#engine, this.#running(), { ...shape, columns }, (connection) =>
      connection.run(`ALTER TABLE ${duckTableName(name)} RENAME COLUMN ${quote(from)} TO ${quote(into)}`),
    );
  }

  #warehouse(name: string): Warehouse {
    const found = this.#engine.account.warehouses.get(storedName(name));
    if (found === undefined) throw objectAbsent('Warehouse', name, '02000');
    return found;
  }

  #securable(kind: SecurableKind, name: string): Securable {
    if (kind === 'warehouse' || kind === 'database') return { kind, name: storedName(name) };
    if (kind === 'schema') {
      const [schema = '', database = this.#session.scope.database ?? ''] = storedParts(name).toReversed();
      return { kind, name: `${database}.${schema}` };
    }
    return { kind, name: dotted(this.#tableName(name)) };
  }

  #tableName(text: string): ObjectName {
    const [name = '', schema, database] = storedParts(text).toReversed();
    const { scope } = this.#session;
    return { database: database ?? scope.database ?? '', schema: schema ?? scope.schema ?? '', name };
  }

  #running(): Running {
    return {
      session: this.#session,
      scope: this.#session.scope,
      parameters: new Parameters(this.#session.parameters),
      queryId: 'administrator',
      sqlText: '',
      signal: new AbortController().signal,
    };
  }
}
