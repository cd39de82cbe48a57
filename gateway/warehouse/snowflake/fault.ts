/** What went wrong between us and Snowflake, told once: the kind decides what to do, the words go to people. */

export const faultKinds = [
  'network', // no route, refused, time-out of the connection, black hole
  'account', // no such account: the host name does not exist or is not Snowflake's
  'login', // user, key, token or password refused
  'key', // the private key cannot be read: not PEM, wrong passphrase
  'clock', // key-pair login refused because our clock is off
  'role', // role missing or not granted
  'warehouse', // warehouse missing, not granted, or none chosen
  'suspended', // warehouse suspended and may not resume, or a resource monitor's quota is used up
  'database',
  'schema',
  'table', // our table, or one of its columns, is missing or of another shape
  'procedure', // the load procedure is missing
  'privileges', // the role may not do this
  'lock', // waited for another transaction
  'session', // the session ended; a new one may do
  'timeout', // the statement took longer than it may
  'cancelled', // by our caller
  'throttled', // 429, 503: too busy
  'internal', // Snowflake fell over while it worked: its own trouble, or what it was given
  'too_large', // the request has more bytes than the server takes; a smaller one may do
  'data', // the values cannot be stored; repeating cannot help
  'statement', // Snowflake refuses the SQL for another reason
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultDetails {
  /** What to do about it, in plain words; null when waiting is all there is. */
  readonly fix?: string | null;
  /** Snowflake's or the driver's own code, for example `002003` or `401001`. */
  readonly code?: string | null;
  readonly sqlState?: string | null;
  readonly cause?: unknown;
}

export class SnowflakeFault extends Error {
  override readonly name = 'SnowflakeFault';
  readonly kind: FaultKind;
  readonly fix: string | null;
  readonly code: string | null;
  readonly sqlState: string | null;

  constructor(kind: FaultKind, message: string, details: FaultDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.fix = details.fix ?? null;
    this.code = details.code ?? null;
    this.sqlState = details.sqlState ?? null;
  }
}
