/** The catalogue as one session, in one role, sees it: what the role has no privilege on does not exist. */
import type { Account } from './account.ts';
import { database, procedure, schema, table, type Securable } from './grants.ts';
import type { Objects } from './objects.ts';
import { activeTransaction, type Scope, type Session } from './sessions.ts';
import type { Catalog, ObjectName } from './sql/statement.ts';

export const serverVersion = '9.36.1';

export class Sight {
  readonly #account: Account;
  readonly #objects: Objects;

  constructor(account: Account, objects: Objects) {
    this.#account = account;
    this.#objects = objects;
  }

  catalog(session: Session, scope: Scope): Catalog {
    const { role } = scope;
    const objects = this.#objects;
    return {
      currentDatabase: scope.database,
      currentSchema: scope.schema,
      table: (name) => (this.reaches(role, name, table(name)) ? objects.table(name) : null),
      procedure: (name) => (this.reaches(role, name, procedure(name)) ? objects.procedure(name) : null),
      databaseExists: (name) => this.seesDatabase(role, name),
      schemaExists: (databaseName, name) => this.seesSchema(role, databaseName, name),
      sessionFunctions: this.#functions(session, scope),
      timezone: session.parameters.text('TIMEZONE'),
      listTables: (name) => this.tables(role, name),
      listProcedures: (name) => this.procedures(role, name),
      listSchemas: (name) => this.schemas(role, name),
    };
  }

  seesDatabase(role: string, name: string): boolean {
    return this.#objects.databases.has(name) && this.#account.grants.sees(role, database(name));
  }
  seesSchema(role: string, databaseName: string, name: string): boolean {
    return (
      this.seesDatabase(role, databaseName) &&
      this.#objects.schemas.has(`${databaseName}.${name}`) &&
      this.#account.grants.sees(role, schema(databaseName, name))
    );
  }
  reaches(role: string, name: ObjectName, object: Securable): boolean {
    return this.seesSchema(role, name.database, name.schema) && this.#account.grants.sees(role, object);
  }

  databases(role: string): readonly string[] {
    return [...this.#objects.databases].filter((name) => this.seesDatabase(role, name));
  }
  schemas(role: string, databaseName: string): readonly string[] {
    return [...this.#objects.schemas.values()]
      .filter((found) => found.database === databaseName && this.seesSchema(role, databaseName, found.name))
      .map((found) => found.name);
  }
  tables(role: string, databaseName: string) {
    return [...this.#objects.tables.values()].filter(
      ({ name }) => name.database === databaseName && this.reaches(role, name, table(name)),
    );
  }
  procedures(role: string, databaseName: string) {
    return [...this.#objects.procedures.values()]
      .map(({ shape }) => shape)
      .filter(({ name }) => name.database === databaseName && this.reaches(role, name, procedure(name)));
  }

  #functions(session: Session, scope: Scope): Readonly<Record<string, string | null>> {
    const roles = [...(this.#account.users.get(session.user)?.roles ?? [])];
    return {
      CURRENT_USER: session.user,
      CURRENT_ROLE: scope.role,
      CURRENT_WAREHOUSE: session.warehouse,
      CURRENT_DATABASE: scope.database,
      CURRENT_SCHEMA: scope.schema,
      CURRENT_ACCOUNT: this.#account.name,
      CURRENT_ACCOUNT_NAME: this.#account.name,
      CURRENT_ORGANIZATION_NAME: 'LOCAL',
      CURRENT_REGION: 'LOCAL',
      CURRENT_SESSION: `${session.id}`,
      CURRENT_TRANSACTION: activeTransaction(scope)?.id ?? null,
      CURRENT_VERSION: serverVersion,
      CURRENT_AVAILABLE_ROLES: JSON.stringify(roles),
      CURRENT_SECONDARY_ROLES: JSON.stringify({ roles: '', value: '' }),
    };
  }
}
