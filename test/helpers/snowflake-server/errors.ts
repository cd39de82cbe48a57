/**
 * What Snowflake refuses, in its own codes and words. Codes and texts were taken from reports of the real service (driver issues, connectors'
 * test suites); where only the code is known and the words are ours, the comment says so.
 */
import { SqlError } from './sql/statement.ts';

export { SqlError } from './sql/statement.ts';

// ── login and session ──────────────────────────────────────────────────────────────────────────────────────────────

export const badCredentials = (): SqlError =>
  new SqlError('390100', '08001', 'Incorrect username or password was specified.');
/** Snowflake tells nobody why a token is invalid; the server keeps the reason for `logins()`. */
export const badKeyPairToken = (id: string): SqlError =>
  new SqlError('390144', '08001', `JWT token is invalid. [${id}]`);
export const badAccessToken = (): SqlError => new SqlError('394400', '08001', 'Programmatic access token is invalid.');
export const badOAuthToken = (id: string): SqlError =>
  new SqlError('390303', '08001', `Invalid OAuth access token. [${id}]`);
export const expiredOAuthToken = (id: string): SqlError =>
  new SqlError('390318', '08001', `OAuth access token expired. [${id}]`);
export const secondFactorNeeded = (): SqlError =>
  new SqlError(
    '394509',
    '08004',
    'Failed to authenticate: MFA authentication is required, but none of your current MFA methods are supported for programmatic authentication.',
  );
export const badSingleSignOn = (): SqlError =>
  new SqlError('390190', '08001', 'There was an error related to the SAML Identity Provider account parameter.');
export const unknownAuthenticator = (name: string): SqlError =>
  new SqlError('390105', '08001', `Authenticator '${name}' is not supported by this local server.`); // words ours
export const roleNotGranted = (role: string): SqlError =>
  new SqlError(
    '390189',
    '08001',
    `Role '${role}' specified in the connect string is not granted to this user. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.`,
  );
/** Only for drivers that ask for it (CLIENT_VALIDATE_DEFAULT_PARAMETERS); the others learn at the first statement. */
export const absentAtLogin = (what: string): SqlError =>
  new SqlError('390201', '08001', `The requested ${what} does not exist or not authorized.`);

export const sessionTokenInvalid = (): SqlError => new SqlError('390104', '08003', 'Session token is invalid.'); // words ours
export const sessionGone = (): SqlError =>
  new SqlError('390111', '08003', 'Session no longer exists.  New login required to access the service.');
export const sessionExpired = (): SqlError =>
  new SqlError('390112', '08001', 'Your session has expired. Please login again.');
export const masterTokenExpired = (): SqlError =>
  new SqlError('390114', '08001', 'Authentication token has expired.  The user must authenticate again.');

// ── privileges and context ─────────────────────────────────────────────────────────────────────────────────────────

export const insufficientPrivileges = (kind: string, name: string): SqlError =>
  new SqlError('003001', '42501', `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`);
export const roleNotAssigned = (role: string): SqlError =>
  new SqlError(
    '003013',
    '42501',
    `SQL access control error:\nRequested role '${role}' is not assigned to the executing user. Specify another role to activate.`,
  );
export const noActiveWarehouse = (): SqlError =>
  new SqlError(
    '000606',
    '57P03',
    "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.\n",
  );
export const warehouseQuotaUsed = (warehouse: string, monitor: string): SqlError =>
  new SqlError(
    '090073',
    '22000',
    `Warehouse '${warehouse}' cannot be resumed because resource monitor '${monitor}' has exceeded its quota.`,
  );
export const cannotUse = (): SqlError =>
  new SqlError('002043', '02000', 'SQL compilation error:\nObject does not exist, or operation cannot be performed.');
export const objectAbsent = (kind: string, name: string, sqlState = '42S02'): SqlError =>
  new SqlError('002003', sqlState, `SQL compilation error:\n${kind} '${name}' does not exist or not authorized.`);
export const objectExists = (name: string): SqlError =>
  new SqlError('002002', '42710', `SQL compilation error:\nObject '${name}' already exists.`);
export const unknownParameter = (name: string): SqlError =>
  new SqlError('001006', '42601', `SQL compilation error:\ninvalid parameter '${name}'`);

// ── statements and transactions ────────────────────────────────────────────────────────────────────────────────────

export const statementCountMismatch = (actual: number, desired: number): SqlError =>
  new SqlError(
    '000008',
    '0A000',
    `Actual statement count ${actual} did not match the desired statement count ${desired}.`,
  );
export const statementCancelled = (): SqlError => new SqlError('000604', '57014', 'SQL execution canceled');
export const statementTimedOut = (seconds: number): SqlError =>
  new SqlError(
    '000630',
    '57014',
    `Statement reached its statement or warehouse timeout of ${seconds} second(s) and was canceled.`,
  );

interface LockTrouble {
  readonly holderStatement: string;
  readonly holderTransaction: string;
  readonly table: string;
  readonly statement: string;
}
const locked = (trouble: LockTrouble): string =>
  `Statement '${trouble.holderStatement}' has locked table '${trouble.table}' in transaction ${trouble.holderTransaction} and this lock has not yet been released.`;
export const tooManyWaiters = (trouble: LockTrouble, limit: number): SqlError =>
  new SqlError(
    '000625',
    '57014',
    `${locked(trouble)}\nYour statement '${trouble.statement}' was aborted because the number of waiters for this lock exceeds the ${limit} statements limit.`,
  );
/** The second sentence is ours: only the first was found in reports of a lock time-out. */
export const lockTimedOut = (trouble: LockTrouble, seconds: number): SqlError =>
  new SqlError(
    '000625',
    '57014',
    `${locked(trouble)}\nYour statement '${trouble.statement}' was aborted because it waited longer than the lock timeout of ${seconds} second(s).`,
  );
/** The code is a guess; the words are Snowflake's. */
export const scopedTransactionOpen = (): SqlError =>
  new SqlError(
    '090232',
    '22000',
    'Stored procedure execution error: Scoped transaction started in stored procedure is incomplete and it was rolled back.',
  );
/** The code is a guess; the words are Snowflake's. */
export const transactionOfOtherScope = (): SqlError =>
  new SqlError('090227', '22000', 'Modifying a transaction that has started at a different scope is not allowed.');
export const resultNotFound = (queryId: string): SqlError =>
  new SqlError('000709', '02000', `Statement ${queryId} not found`);
