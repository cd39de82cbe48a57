import { describe, expect, it } from 'vitest';
import { SnowflakeSecrets } from '../../../../contract/snowflake.ts';
import { classify, type FaultScene } from '../../../../gateway/warehouse/snowflake/classify.ts';
import { meanings } from '../../../../gateway/warehouse/snowflake/fault-codes.ts';
import type { FaultKind } from '../../../../gateway/warehouse/snowflake/fault.ts';

const secrets = SnowflakeSecrets.parse({ password: 'hunter2-hunter2', token: 'ver:1-hint:77-ETMsDgAAA' });
const login: FaultScene = { doing: 'login', host: 'acme-main.snowflakecomputing.com', secrets };
const statement: FaultScene = { ...login, doing: 'statement' };

/** An error as the driver throws it. */
function driverError(code: string | number | undefined, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { code }, more);
}
const sqlError = (code: string, sqlState: string, message: string) => driverError(code, message, { sqlState });
const networkError = (code: string) =>
  driverError(401_001, `connect ${code} 10.0.0.1:443`, { cause: Object.assign(new Error(code), { code }) });
const httpError = (statusCode: number) =>
  driverError(401_002, 'Request to Snowflake failed.', { response: { statusCode } });

const cases: readonly (readonly [string, Error, FaultScene, FaultKind])[] = [
  ['a wrong password', sqlError('390100', '08001', 'Incorrect username or password was specified.'), login, 'login'],
  ['a second factor', sqlError('394509', '08004', 'Failed: MFA authentication is required'), login, 'login'],
  [
    'a refused address',
    sqlError('390422', '08001', 'Incoming request with IP/Token 1.2.3.4 is not allowed to access Snowflake.'),
    login,
    'login',
  ],
  ['a token without network policy', sqlError('390432', '08001', 'Network policy is required.'), login, 'login'],
  ['a refused OAuth token', sqlError('390303', '08001', 'Invalid OAuth access token. [x]'), login, 'login'],
  ['a refusal without an entry', sqlError('390999', '08001', 'Something new.'), login, 'login'],
  [
    'a role that is not granted',
    sqlError('390189', '08001', "Role 'X' specified in the connect string is not granted to this user."),
    login,
    'role',
  ],
  [
    'a missing warehouse at login',
    sqlError('390201', '08001', 'The requested warehouse does not exist or not authorized.'),
    login,
    'warehouse',
  ],
  [
    'a missing database at login',
    sqlError('390201', '08001', 'The requested database does not exist or not authorized.'),
    login,
    'database',
  ],
  [
    'a missing role at login',
    sqlError('390201', '08001', 'The requested role does not exist or not authorized.'),
    login,
    'role',
  ],
  ['a login at a name that is no account', httpError(403), login, 'account'],
  ['a login at another service', httpError(404), login, 'account'],
  [
    'something that is not Snowflake',
    driverError(401_003, 'Snowflake responded with non-JSON content.'),
    login,
    'account',
  ],
  [
    'a browser login nobody finished',
    driverError(undefined, 'Error while getting SAML token: Browser action timed out after 120000 ms.'),
    login,
    'login',
  ],
  [
    'an OAuth server that refuses',
    Object.assign(new Error('x'), { code: 'ERR_BAD_REQUEST', response: { status: 401 } }),
    login,
    'login',
  ],
  ['an OAuth answer that is none', Object.assign(new Error('x'), { code: 'OAUTH_INVALID_RESPONSE' }), login, 'login'],
  ['an answer without a code', driverError(undefined, ''), login, 'account'],
  ['a refused connection', networkError('ECONNREFUSED'), login, 'network'],
  ['an unknown host', networkError('ENOTFOUND'), login, 'network'],
  ['a reset connection', networkError('ECONNRESET'), statement, 'network'],
  ['a certificate of somebody in between', networkError('SELF_SIGNED_CERT_IN_CHAIN'), login, 'network'],
  ['a revoked certificate', driverError(412_001, 'Certificate revoked'), login, 'network'],
  ['a statement that meets a proxy error', httpError(502), statement, 'network'],
  ['too many requests', httpError(429), statement, 'throttled'],
  ['a busy server', httpError(503), login, 'throttled'],
  ['a server in trouble', sqlError('000603', 'XX000', 'SQL execution internal error'), statement, 'internal'],
  [
    'a terminated connection',
    driverError(407_002, 'Unable to perform operation using terminated connection.'),
    statement,
    'session',
  ],
  ['a session that is gone', sqlError('390111', '08003', 'Session no longer exists.'), statement, 'session'],
  [
    'a master token that expired',
    sqlError('390114', '08001', 'Authentication token has expired.'),
    statement,
    'session',
  ],
  [
    'no warehouse',
    sqlError('000606', '57P03', 'No active warehouse selected in the current session.'),
    statement,
    'warehouse',
  ],
  [
    'a used-up quota',
    sqlError('090073', '22000', "Warehouse 'W' cannot be resumed because resource monitor 'M' has exceeded its quota."),
    statement,
    'suspended',
  ],
  [
    'a suspended account',
    sqlError('000666', '57014', 'Your account is suspended due to lack of payment method.'),
    statement,
    'suspended',
  ],
  [
    'a missing database',
    sqlError('002003', '02000', "SQL compilation error:\nDatabase 'D' does not exist or not authorized."),
    statement,
    'database',
  ],
  [
    'a missing schema',
    sqlError('002003', '02000', "SQL compilation error:\nSchema 'D.S' does not exist or not authorized."),
    statement,
    'schema',
  ],
  [
    'a missing table',
    sqlError('002003', '42S02', "SQL compilation error:\nObject 'API_USAGE_METRICS' does not exist or not authorized."),
    statement,
    'table',
  ],
  [
    'a missing column',
    sqlError('000904', '42000', "SQL compilation error: error line 1 at position 7\ninvalid identifier 'UNITS'"),
    statement,
    'table',
  ],
  [
    'a missing procedure',
    sqlError('002140', '42601', 'SQL compilation error:\nUnknown function LOAD_API_USAGE'),
    statement,
    'procedure',
  ],
  [
    'a procedure with other arguments',
    sqlError(
      '001044',
      '42P13',
      "SQL compilation error: Invalid argument types for function 'LOAD_API_USAGE': (VARCHAR)",
    ),
    statement,
    'procedure',
  ],
  [
    'missing privileges',
    sqlError('003001', '42501', "SQL access control error:\nInsufficient privileges to operate on table 'T'"),
    statement,
    'privileges',
  ],
  [
    'an exception that left a procedure',
    sqlError(
      '090183',
      'P0000',
      "Uncaught exception of type 'STATEMENT_ERROR' on line 3 at position 2 : Insufficient privileges to operate on table 'T'",
    ),
    statement,
    'privileges',
  ],
  [
    'a lock',
    sqlError(
      '000625',
      '57014',
      "Statement 'x' has locked table 'T' in transaction 1 and this lock has not yet been released.",
    ),
    statement,
    'lock',
  ],
  [
    "Snowflake's own time-out",
    sqlError(
      '000630',
      '57014',
      'Statement reached its statement or warehouse timeout of 30 second(s) and was canceled.',
    ),
    statement,
    'timeout',
  ],
  ['a cancellation by an administrator', sqlError('000604', '57014', 'SQL execution canceled'), statement, 'cancelled'],
  ['a number that is none', sqlError('100038', '22018', "Numeric value 'abc' is not recognized"), statement, 'data'],
  [
    'a NULL that is not allowed',
    sqlError('100072', '22000', 'NULL result in a non-nullable column'),
    statement,
    'data',
  ],
  [
    'a syntax error',
    sqlError('001003', '42000', "SQL compilation error:\nsyntax error line 1 at position 0 unexpected 'SELEC'."),
    statement,
    'statement',
  ],
];

/** Code, state, and whether the values are at fault: only then may a row be set aside. */
const refusals: readonly (readonly [code: string, sqlState: string, kind: FaultKind])[] = [
  // Values: by their codes, although Snowflake gives many of them its catch-all state …
  ['100035', '22007', 'data'],
  ['100038', '22018', 'data'],
  ['100039', '22003', 'data'],
  ['100040', '22007', 'data'],
  ['100046', '22003', 'data'],
  ['100051', '22012', 'data'],
  ['100069', '22P02', 'data'],
  ['100071', '22000', 'data'],
  ['100072', '22000', 'data'],
  ['100078', '22000', 'data'],
  ['100082', '22000', 'data'],
  ['100096', '22007', 'data'],
  // … or by their states, whatever the code.
  ['100037', '22018', 'data'],
  ['109999', '22003', 'data'],
  ['200038', '23505', 'data'],
  ['200038', '23001', 'data'],
  // The catch-all state alone says nothing.
  ['091421', '22000', 'statement'],
  ['091003', '22000', 'statement'],
  ['091149', '22000', 'statement'],
  ['090149', '22000', 'statement'],
  ['099108', '22000', 'statement'],
  ['090088', '22000', 'statement'],
  ['090064', '22000', 'statement'],
  ['200001', '22000', 'statement'],
  ['090105', '22000', 'database'],
  ['090232', '22000', 'statement'],
  ['090227', '22000', 'statement'],
  // An invalid parameter is no value of ours, and these are errors of procedures.
  ['001006', '22023', 'statement'],
  ['100132', 'P0000', 'statement'],
  ['100183', 'P0000', 'statement'],
  ['100351', '0A000', 'statement'],
  ['000000', '', 'statement'],
  // Too many requests, inside an answer with 200.
  ['390701', '08001', 'throttled'],
  ['390701', '', 'throttled'],
];

describe('a refusal', () => {
  it.each(refusals)('with code %s and state %s is %s', (code, sqlState, kind) => {
    expect(classify(sqlError(code, sqlState, 'Something went wrong.'), statement).kind).toBe(kind);
    const throughProcedure =
      "Uncaught exception of type 'STATEMENT_ERROR' on line 9 at position 4 : Something went wrong.";
    expect(classify(sqlError(code, sqlState, throughProcedure), statement).kind).toBe(kind);
  });

  it.each(['login', 'statement'] as const)('of the size of a request is told as such, at a %s too', (doing) => {
    for (const response of [
      { statusCode: 413 },
      { statusCode: 413, body: '<html>Request Entity Too Large</html>' },
      { statusCode: 400, body: '<h1>Request Too Large</h1>' },
      { status: 400, body: '{"message":"request body exceeds the limit"}' },
    ]) {
      const fault = classify(driverError(401_002, 'Request to Snowflake failed.', { response }), {
        ...statement,
        doing,
      });
      expect(fault.kind).toBe('too_large');
    }
    const other = driverError(401_002, 'Request to Snowflake failed.', { response: { statusCode: 400, body: 'Bad' } });
    expect(classify(other, statement).kind).toBe('network');
  });
});

describe('a fault', () => {
  it.each(cases)('of %s has its kind', (_, error, scene, kind) => {
    const fault = classify(error, scene);
    expect(fault.kind).toBe(kind);
    expect(fault.message).not.toBe('');
  });

  it('of a key-pair login names the clock only when the clock is off', () => {
    const refused = sqlError('390144', '08001', 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]');
    const inTime = classify(refused, { ...login, clockSkewMs: 2_000 });
    expect(inTime.kind).toBe('login');
    expect(inTime.message).toContain('0ce9eb56-821d-4ca9-a774-04ae89a0cf5a');
    const late = classify(refused, { ...login, clockSkewMs: 95_000 });
    expect([late.kind, late.message]).toEqual(['clock', "This computer's clock is 95 s behind Snowflake's"]);
    expect(classify(refused, { ...login, clockSkewMs: -95_000 }).message).toContain('95 s ahead of');
  });

  it('keeps code and state, and names the object at fault', () => {
    const fault = classify(
      sqlError('003001', '42501', "SQL access control error:\nInsufficient privileges to operate on table 'FACTS'"),
      statement,
    );
    expect([fault.code, fault.sqlState]).toEqual(['003001', '42501']);
    expect(fault.message).toContain("table 'FACTS'");
    expect(fault.fix).toContain('grants script');
  });

  it('carries no secret, whatever Snowflake or the driver repeats', () => {
    const leak = 'SQL compilation error: hunter2-hunter2 near ver:1-hint:77-ETMsDgAAA';
    for (const [, , scene] of cases) {
      const fault = classify(sqlError('001003', '42000', leak), scene);
      const everything = [fault.message, fault.fix, fault.stack, String(fault.cause), JSON.stringify(fault)].join(' ');
      expect(everything).not.toContain('hunter2');
      expect(everything).not.toContain('ETMsDg');
    }
  });

  it('is told once: no code has two meanings', () => {
    const codes = meanings.flatMap((meaning) => meaning.codes ?? []);
    expect(codes.length).toBe(new Set(codes).size);
  });
});
