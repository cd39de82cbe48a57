/** GRANT and REVOKE as text: enough to run the script that the product hands to an administrator. */
import type { Engine, Running } from './engine.ts';
import { cannotUse, insufficientPrivileges, objectAbsent, SqlError } from './errors.ts';
import { administrator, type Securable, type SecurableKind } from './grants.ts';
import { storedName, storedParts } from './names.ts';
import { statementType, told, type Outcome } from './outcome.ts';

const onObject =
  /^(GRANT|REVOKE)\s+(.+?)\s+ON\s+(?:(FUTURE|ALL)\s+)?(WAREHOUSE|DATABASE|SCHEMA|TABLES?|VIEWS?|PROCEDURES?)\s+(?:IN\s+(?:SCHEMA|DATABASE)\s+)?(\S+?)(?:\s*\([^)]*\))?\s+(?:TO|FROM)\s+ROLE\s+(\S+?)\s*;?$/is;
const roleToUser = /^(GRANT|REVOKE)\s+ROLE\s+(\S+)\s+(?:TO|FROM)\s+USER\s+(\S+?)\s*;?$/i;

/** @throws SqlError 001003, 002003, 003001 */
export function executeGrant(engine: Engine, running: Running, text: string): Outcome {
  if (running.scope.role !== administrator) throw insufficientPrivileges('account', engine.account.name);
  const statement = text.trim();
  const role = roleToUser.exec(statement);
  const object = onObject.exec(statement);
  if (role !== null) grantRole(engine, role);
  else if (object !== null) grantOn(engine, running, object);
  else throw new SqlError('001003', '42000', `SQL compilation error:\nsyntax error in '${statement}'.`);
  return told(statementType.ddl, 'Statement executed successfully.');
}

function grantRole(engine: Engine, [, verb = '', role = '', user = '']: RegExpExecArray): void {
  const found = engine.account.users.get(storedName(user));
  if (found === undefined || !engine.account.roles.has(storedName(role))) throw cannotUse();
  if (verb.toUpperCase() === 'GRANT') found.roles.add(storedName(role));
  else found.roles.delete(storedName(role));
}

function grantOn(engine: Engine, running: Running, match: RegExpExecArray): void {
  const [, verb = '', privileges = '', many, kindWord = '', nameText = '', roleText = ''] = match;
  const { account } = engine;
  const role = storedName(roleText);
  if (!account.roles.has(role)) throw objectAbsent('Role', role, '02000');
  const kind = kindOf(kindWord);
  const name = fullName(running, kind, nameText, many !== undefined);
  const targets = targetsOf(engine, kind, name, many?.toUpperCase());
  for (const privilege of privileges.split(',').map(privilegeOf)) {
    if (many?.toUpperCase() === 'FUTURE' && (kind === 'table' || kind === 'procedure')) {
      account.grants.grantFuture({ role, privilege, kind, within: name });
    }
    for (const on of targets) {
      if (verb.toUpperCase() === 'GRANT') account.grants.grant(role, privilege, on);
      else account.grants.revoke(role, on, privilege);
    }
  }
}

/** Only what the object already has; a FUTURE grant has none yet. */
function targetsOf(engine: Engine, kind: SecurableKind, name: string, many: string | undefined): readonly Securable[] {
  if (many === 'FUTURE') return [];
  const names = {
    warehouse: engine.account.warehouses,
    database: engine.objects.databases,
    schema: engine.objects.schemas,
    table: engine.objects.tables,
    procedure: engine.objects.procedures,
  }[kind];
  if (many === 'ALL') {
    return [...names.keys()].filter((other) => other.startsWith(`${name}.`)).map((other) => ({ kind, name: other }));
  }
  if (!names.has(name)) throw objectAbsent(kind, name, '02000');
  return [{ kind, name }];
}

function kindOf(word: string): SecurableKind {
  const singular = word.toLowerCase().replace(/s$/, '');
  if (singular === 'view') return 'table';
  return singular === 'warehouse' || singular === 'database' || singular === 'schema' || singular === 'procedure'
    ? singular
    : 'table';
}

const privilegeOf = (text: string): string => {
  const word = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  return word === 'all privileges' ? 'all' : word;
};

/** Missing parts from the session; the name of a place (FUTURE … IN SCHEMA s) is a schema's or a database's. */
function fullName(running: Running, kind: SecurableKind, text: string, isPlace: boolean): string {
  const parts = storedParts(text);
  const { database, schema } = running.scope;
  if (kind === 'warehouse' || kind === 'database' || isPlace) return parts.join('.');
  const wanted = kind === 'schema' ? 2 : 3;
  const context = wanted === 2 ? [database] : [database, schema];
  return [...context.slice(0, wanted - parts.length), ...parts].join('.');
}
