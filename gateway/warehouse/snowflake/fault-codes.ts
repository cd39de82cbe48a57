/**
 * What Snowflake's and the driver's error codes mean: one row a meaning, the first that fits counts. Codes of the driver are its own
 * (`snowflake-sdk/dist/lib/error_code.js`); Snowflake's were read in its documentation and in reports of its drivers. `says` is looked for in
 * Snowflake's words where a code is shared or is not told (an exception that leaves a stored procedure may keep only its text).
 */
import type { FaultKind } from './fault.ts';

export interface Meaning {
  readonly codes?: readonly string[];
  readonly says?: RegExp;
  readonly kind: FaultKind;
  readonly words: string;
  /** Null: waiting is all there is. */
  readonly fix: string | null;
  /** Snowflake's own first line is shown too: it names the object or value at fault. Never for logins. */
  readonly quote?: boolean;
}

const grantsFix = 'Have an administrator run the grants script that Setup shows.';
const setupFix = 'Run Setup (Settings → Snowflake): it adds what is missing and removes nothing.';

/** Login and session. */
const loginMeanings: readonly Meaning[] = [
  {
    codes: ['390422'],
    says: /IP.* is not allowed to access Snowflake/i,
    kind: 'login',
    words: "Snowflake's network policy does not admit this computer's address",
    fix: "Have the address added to the user's or account's network policy, or connect through the company's network.",
  },
  {
    codes: ['390432'],
    says: /network policy is required/i,
    kind: 'login',
    words: 'Snowflake takes this token only from users with a network policy',
    fix: 'Have a network policy attached to the user, or log in with a key pair.',
  },
  {
    codes: ['394507', '394508', '394509', '394510'],
    says: /(MFA|multi-factor) authentication/i,
    kind: 'login',
    words: 'Snowflake asks for a second factor, which a program cannot give',
    fix: 'Log in with a key pair or a programmatic access token; passwords alone are being retired by Snowflake.',
  },
  {
    codes: ['390100', '390101', '390102'],
    kind: 'login',
    words: 'Snowflake refused the user name or password',
    fix: 'Check both in Settings → Snowflake; several wrong attempts lock the user for 15 minutes.',
  },
  {
    codes: ['390144'],
    kind: 'login',
    words: 'Snowflake refused the key-pair login',
    fix: "Check account and user name, and that RSA_PUBLIC_KEY of the user (DESCRIBE USER) is this key's public half.",
  },
  {
    codes: ['394400', '394401', '394402', '394403'],
    says: /programmatic access token/i,
    kind: 'login',
    words: 'Snowflake refused the programmatic access token',
    fix: 'It may have expired or been revoked: create a new one and enter it in Settings → Snowflake.',
  },
  {
    codes: ['390303', '390318', '390317'],
    says: /OAuth access token/i,
    kind: 'login',
    words: 'Snowflake refused the OAuth access token',
    fix: "Check client, scope and role of the OAuth integration, and that its user mapping names this account's user.",
  },
  {
    codes: ['390190', '390191', '390195', '390197'],
    says: /SAML Identity Provider/i,
    kind: 'login',
    words: 'The single sign-on did not succeed',
    fix: 'Log in again in the browser; the user name there must be the one in Settings → Snowflake.',
  },
  {
    says: /browser action timed out|getting SAML token|oauth authorization code/i,
    kind: 'login',
    words: 'The login in the browser was not finished',
    fix: 'Try again and finish the login on the page that opens.',
  },
  {
    codes: ['390186', '390189', '003013'],
    says: /\brole ('.*' )?(.*is not granted|is not assigned|does not exist)/i,
    kind: 'role',
    words: 'The role does not exist or is not granted to this user',
    fix: 'Have the role granted to the user, or choose another one in Settings → Snowflake.',
  },
  {
    codes: ['390104', '390110', '390111', '390112', '390114', '390115', '401004', '405503', '407001', '407002'],
    kind: 'session',
    words: 'The Snowflake session has ended',
    fix: null,
  },
];

/** Objects that a login or statement names. */
const objectMeanings: readonly Meaning[] = [
  {
    codes: ['000666'],
    says: /account is suspended|free trial has ended/i,
    kind: 'suspended',
    words: 'The Snowflake account is suspended',
    fix: 'An account administrator has to settle the payment or trial with Snowflake.',
  },
  {
    codes: ['090073'],
    says: /exceeded its quota/i,
    kind: 'suspended',
    words: "The warehouse's resource monitor has used up its quota",
    fix: 'Have the quota raised, wait for its next period, or choose another warehouse.',
    quote: true,
  },
  {
    says: /warehouse .* is suspended/i,
    kind: 'suspended',
    words: 'The warehouse is suspended and does not resume by itself',
    fix: 'Resume it, or have its AUTO_RESUME switched on.',
    quote: true,
  },
  {
    codes: ['003001'],
    says: /insufficient privileges/i,
    kind: 'privileges',
    words: 'The role may not do this',
    fix: grantsFix,
    quote: true,
  },
  {
    codes: ['000606'],
    says: /no active warehouse|\bwarehouse ('.*' )?does not exist/i,
    kind: 'warehouse',
    words: 'The warehouse does not exist, or the role may not use it',
    fix: 'Choose a warehouse that the role has USAGE on.',
  },
  {
    codes: ['090105'],
    says: /\bdatabase ('.*' )?does not exist|current database/i,
    kind: 'database',
    words: 'The database does not exist, or the role may not use it',
    fix: 'Choose a database that the role has USAGE on.',
  },
  {
    codes: ['090106'],
    says: /\bschema ('.*' )?does not exist|current schema/i,
    kind: 'schema',
    words: 'The schema does not exist, or the role may not use it',
    fix: 'Choose a schema that the role has USAGE on.',
  },
  {
    codes: ['002140', '002141'],
    says: /\bprocedure '.*' does not exist|function '?LOAD_API_USAGE|unknown (user-defined )?(procedure|function)/i,
    kind: 'procedure',
    words: 'The load procedure is missing or of another version',
    fix: setupFix,
    quote: true,
  },
  {
    codes: ['002003', '002043', '000904'],
    says: /does not exist or not authorized|invalid identifier/i,
    kind: 'table',
    words: 'A table of ours or one of its columns is missing, or the role may not see it',
    fix: setupFix,
    quote: true,
  },
];

/** Running statements. */
const statementMeanings: readonly Meaning[] = [
  {
    codes: ['000625', '000639'],
    says: /has locked table|lock timeout/i,
    kind: 'lock',
    words: 'Another transaction holds the row or table',
    fix: null,
  },
  {
    codes: ['000630'],
    says: /reached its statement or warehouse timeout/i,
    kind: 'timeout',
    words: 'The statement took longer than it may',
    fix: 'Choose a shorter range, or a larger warehouse.',
  },
  {
    codes: ['000604'],
    says: /execution canceled/i,
    kind: 'cancelled',
    words: 'The statement was cancelled in Snowflake',
    fix: null,
  },
  {
    codes: ['390701'],
    says: /request rate exceeds the maximum/i,
    kind: 'throttled',
    words: 'Snowflake is too busy: it takes no more requests for the moment',
    fix: null,
  },
  { codes: ['000603'], kind: 'internal', words: 'Snowflake had an internal error', fix: null },
];

/** The driver's own. Which of `account` and `network` an HTTP status means is decided in classify.ts. */
const driverMeanings: readonly Meaning[] = [
  {
    codes: ['402001', '402002'],
    kind: 'network',
    words: "Snowflake's cloud storage, from which large results are read, cannot be reached",
    fix: 'Have the storage hosts that SELECT SYSTEM$ALLOWLIST() names opened in the firewall.',
  },
  {
    codes: ['412001'],
    kind: 'network',
    words: "The server's certificate was revoked",
    fix: 'Something may be between this computer and Snowflake: ask whoever runs the network.',
  },
  {
    codes: ['412012', '412013', '412014', '412002', '412005', '413001'],
    kind: 'network',
    words: "Whether the server's certificate is revoked could not be checked",
    fix: 'Have the OCSP hosts that SELECT SYSTEM$ALLOWLIST() names opened in the firewall.',
  },
  {
    codes: ['404007', '404008', '404009', '404010', '404045', '404046'],
    kind: 'account',
    words: 'The account identifier is not one',
    fix: 'It is the part before .snowflakecomputing.com, for example myorg-myaccount.',
  },
  {
    codes: ['404026', '404028'],
    kind: 'key',
    words: 'The private key cannot be used',
    fix: 'Choose the private key file again.',
  },
];

export const meanings: readonly Meaning[] = [
  ...loginMeanings,
  ...objectMeanings,
  ...statementMeanings,
  ...driverMeanings,
];
