/**
 * From whatever the driver throws to one {@link SnowflakeFault}. The driver's error objects carry answers, request data and sometimes values
 * of the user: only code, state and a cleaned first line leave this file, and every secret of the access is taken out of it once more.
 */
import type { SnowflakeSecrets } from '../../../contract/snowflake.ts';
import { SnowflakeFault, type FaultDetails, type FaultKind } from './fault.ts';
import { meanings, type Meaning } from './fault-codes.ts';

/** What was being done when it failed: the same HTTP status means another thing for a login. */
export interface FaultScene {
  readonly doing: 'login' | 'statement';
  /** Host and port, for the words. */
  readonly host: string;
  readonly secrets: SnowflakeSecrets;
  /** Server clock minus ours; null when no answer told it. */
  readonly clockSkewMs?: number | null;
}

/** A key-pair token lives two minutes and must be younger than one: from here on the clock is the first suspect of a refusal. */
const suspectSkewMs = 30_000;
const maxQuoteLength = 300;

interface Told {
  readonly code: string | null;
  readonly sqlState: string | null;
  readonly message: string;
  readonly httpStatus: number | null;
  /** Whether an answer other than 200 says that the request was too large. */
  readonly saysTooLarge: boolean;
  /** Node's code of a failed connection, for example ECONNREFUSED. */
  readonly errno: string | null;
}

export function classify(error: unknown, scene: FaultScene): SnowflakeFault {
  if (error instanceof SnowflakeFault) return error;
  const told = read(error, scene.secrets);
  const details = { code: told.code, sqlState: told.sqlState, cause: slimCause(told) };
  if (told.code === '390144' && Math.abs(scene.clockSkewMs ?? 0) > suspectSkewMs) {
    return clockFault(scene.clockSkewMs ?? 0, details);
  }
  const meaning = meaningByCode(told.code) ?? meaningByWords(told);
  if (meaning !== null) return fault(meaning, told, details);
  return connectionFault(told, scene, details) ?? refusal(told, scene, details);
}

// ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

function read(error: unknown, secrets: SnowflakeSecrets): Told {
  const source = isRecord(error) ? error : {};
  const response = isRecord(source['response']) ? source['response'] : {};
  const status = response['statusCode'] ?? response['status'];
  return {
    code: textOf(source['code']),
    sqlState: textOf(source['sqlState']),
    message: clean(textOf(source['message']) ?? '', secrets),
    httpStatus: typeof status === 'number' ? status : null,
    saysTooLarge: tooLarge.test(textOf(response['body']) ?? ''),
    errno: errnoOf(source['cause']) ?? errnoOf(source),
  };
}

/** Words of Snowflake and of the servers and proxies in front of it, which say 400 as well as 413. */
const tooLarge = /too large|(request|content|payload|body)[^.<]{0,40}(exceed|larger than|limit)/i;

function errnoOf(error: unknown): string | null {
  if (!isRecord(error)) return null;
  const code = textOf(error['code']);
  return code !== null && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : errnoOf(error['cause']);
}

function clean(message: string, secrets: SnowflakeSecrets): string {
  const known = Object.values(secrets).filter((secret) => secret !== null);
  return known.reduce((text, secret) => text.replaceAll(secret, '[secret]'), message);
}

/** Keeps code and words for the log, and nothing else of the driver's error. */
function slimCause({ code, message }: Told): Error {
  return new Error(`${code ?? 'no code'}: ${message.slice(0, maxQuoteLength)}`);
}

// ── meaning ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Details = Pick<FaultDetails, 'code' | 'sqlState' | 'cause'>;

/** An object that is absent says its kind in words only: `Database 'X' does not exist or not authorized.` */
const saidInWords: ReadonlySet<string> = new Set(['002003', '002043', '390201', '001044']);

function meaningByCode(code: string | null): Meaning | null {
  if (code === null || saidInWords.has(code)) return null;
  return meanings.find((meaning) => meaning.codes?.includes(code)) ?? null;
}

/** Words count only in what Snowflake itself said, never in a network error. */
function meaningByWords({ code, message }: Told): Meaning | null {
  if (code !== null && /^4\d{5}$/.test(code)) return null;
  const found = meanings.find((meaning) => meaning.says?.test(message) === true);
  return found ?? meanings.find((meaning) => code !== null && meaning.codes?.includes(code)) ?? null;
}

function fault({ kind, words, fix, quote }: Meaning, told: Told, details: Details): SnowflakeFault {
  const said = quote === true ? firstLines(told.message) : loginFailureId(told.message);
  return new SnowflakeFault(kind, said === '' ? words : `${words} (${said})`, { ...details, fix });
}

/** Snowflake's first sentence without its heading. */
function firstLines(message: string): string {
  const lines = message.split('\n').filter((line) => !/^SQL (compilation|access control|execution) error:$/.test(line));
  return lines.join(' ').trim().slice(0, maxQuoteLength);
}

/** An administrator finds the real reason of a refused login by this id: SYSTEM$GET_LOGIN_FAILURE_DETAILS('…'). */
function loginFailureId(message: string): string {
  const id = /\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/i.exec(message)?.[1];
  return id === undefined ? '' : `Snowflake's id of this refusal: ${id}`;
}

function clockFault(skewMs: number, details: Details): SnowflakeFault {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const direction = skewMs > 0 ? 'behind' : 'ahead of';
  return new SnowflakeFault('clock', `This computer's clock is ${seconds} s ${direction} Snowflake's`, {
    ...details,
    fix: 'Set the clock, best by the network; key-pair login allows about a minute.',
  });
}

// ── connection ─────────────────────────────────────────────────────────────────────────────────────────────────────

const certificateErrors = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|EPROTO/;
const notJson = '401003';

function connectionFault(told: Told, scene: FaultScene, details: Details): SnowflakeFault | null {
  const { host } = scene;
  if (told.errno?.startsWith('OAUTH_') === true) return oauthFault('its answer is not a token', details);
  if (told.httpStatus !== null && told.httpStatus !== 200) return statusFault(told.httpStatus, told, scene, details);
  if (told.errno !== null && certificateErrors.test(told.errno)) {
    return make('network', `The certificate of ${host} is not trusted (${told.errno})`, details, {
      fix: "Where the network inspects TLS, give this program the company's certificate with NODE_EXTRA_CA_CERTS.",
    });
  }
  if (told.errno === 'ENOTFOUND') return make('network', `No address is known for ${host}`, details, { fix: dnsFix });
  if (told.code === '401001' || told.errno !== null) {
    return make('network', `No connection to ${host}${told.errno === null ? '' : ` (${told.errno})`}`, details, {
      fix: 'Check the network, the firewall, and HTTPS_PROXY where a proxy is used.',
    });
  }
  return told.code === notJson || told.code === null ? notSnowflake(scene, details) : null;
}

const dnsFix = 'Check the network and the account identifier.';

function statusFault(status: number, told: Told, scene: FaultScene, details: Details): SnowflakeFault {
  const answered = `${scene.host} answered with HTTP ${status}`;
  if (status === 413 || (status === 400 && told.saysTooLarge)) {
    return make('too_large', `The request is too large: ${answered}`, details);
  }
  if (status === 429 || status === 503) return make('throttled', `Snowflake is too busy: ${answered}`, details);
  if (status === 407) {
    return make('network', `The proxy wants a login: ${answered}`, details, { fix: 'Give it in HTTPS_PROXY.' });
  }
  if (scene.doing === 'login' && (status === 400 || status === 401)) return oauthFault(`HTTP ${status}`, details);
  // What Snowflake answers to a login at a name that is no account.
  if (scene.doing === 'login' && (status === 403 || status === 404)) {
    return make('account', `There is no such account: ${answered}`, details, { fix: accountFix });
  }
  return make('network', answered, details);
}

/** Snowflake itself refuses a login inside a 200; only the OAuth server says so by status. */
function oauthFault(how: string, details: Details): SnowflakeFault {
  return make('login', `The OAuth server refused the client (${how})`, details, {
    fix: 'Check client id, client secret, scope and token URL in Settings → Snowflake.',
  });
}

const accountFix = 'Correct the account identifier: the part before .snowflakecomputing.com, region included.';

/** Something answered that does not speak Snowflake's protocol: a captive portal now, or the wrong host for good. */
function notSnowflake({ doing, host }: FaultScene, details: Details): SnowflakeFault {
  const words = `${host} did not answer like Snowflake`;
  return doing === 'login'
    ? make('account', words, details, {
        fix: 'Check the account identifier or access URL, and that no login page is in between.',
      })
    : make('network', words, details);
}

function make(kind: FaultKind, words: string, details: Details, more: { readonly fix?: string } = {}): SnowflakeFault {
  return new SnowflakeFault(kind, words, { ...details, ...more });
}

// ── refusals without an entry ──────────────────────────────────────────────────────────────────────────────────────

/**
 * What says that the values themselves are at fault, so that a batch is halved and its last row set aside. A list and no pattern: Snowflake uses
 * state 22000 for whatever has no state of its own (a lost current database, a busy service), and has codes of 100xxx for procedures.
 */
const dataCodes: ReadonlySet<string> = new Set([
  '100035', // a timestamp or date is not recognized
  '100038', // a numeric value is not recognized
  '100039', // … is out of range
  '100040', // a date is not recognized
  '100046', // a number does not fit its precision
  '100051', // division by zero
  '100069', // JSON cannot be parsed
  '100071', // a value inside JSON cannot be cast: what our own load answers first
  '100072', // NULL in a column that takes none
  '100078', // a string is too long
  '100079',
  '100082', // a value is larger than the largest there may be
  '100096', // a text does not have the format of a timestamp
  '100097',
]);
const dataStates: ReadonlySet<string> = new Set(['22003', '22007', '22008', '22012', '22018', '22P02']);
const breaksConstraint = /^23/;

const isAboutData = ({ code, sqlState }: Told): boolean =>
  (code !== null && dataCodes.has(code)) ||
  (sqlState !== null && (dataStates.has(sqlState) || breaksConstraint.test(sqlState)));

function refusal(told: Told, { doing }: FaultScene, details: Details): SnowflakeFault {
  const said = firstLines(told.message);
  if (doing === 'login') {
    return make('login', `Snowflake refused the login (${details.code ?? 'no code'})`, details, {
      fix: 'Run Test (Settings → Snowflake): it names the step that fails.',
    });
  }
  if (isAboutData(told)) return make('data', `Snowflake cannot store the values: ${said}`, details);
  return make('statement', `Snowflake refused the statement: ${said}`, details);
}
