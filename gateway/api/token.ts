/**
 * Who may use the control API. Programs carry the 256-bit token of `control.token` (Authorization header, or the WebSocket subprotocol);
 * a browser trades a one-time code for an HttpOnly cookie. The cookie holds a session id that lives in memory only, so a restart ends
 * every browser session and the token itself never reaches a browser, a query string or a history.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';

export const loginCodeLifeMs = 10 * 60_000;
export const sessionLifeMs = 12 * 60 * 60_000;
const maxCodes = 100;
const maxSessions = 100;

export interface Door {
  readonly token: string;
  /** The token was sent: as `Bearer`, or among the WebSocket subprotocols. */
  hasToken(headers: CredentialHeaders): boolean;
  /** The token was sent, or a live session's cookie. */
  admits(headers: CredentialHeaders): boolean;
  /** A code for {@link redeem}: valid once, for ten minutes. */
  mintCode(): string;
  /** The `Set-Cookie` values of a new session, or null when the code is unknown, used or too old. */
  redeem(code: string): readonly string[] | null;
}

export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  readonly 'sec-websocket-protocol'?: string | undefined;
}

export interface DoorOptions {
  readonly token: string;
  /** Cookies are shared by all ports of a host: the port in the name keeps two gateways apart. */
  readonly port: () => number;
  readonly secure: boolean;
  readonly now?: () => number; // ms, monotonic
}

export const createToken = (): string => randomBytes(32).toString('hex');
export const isToken = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export function createDoor({ token, port, secure, now = () => performance.now() }: DoorOptions): Door {
  const codes = expiringSet(loginCodeLifeMs, maxCodes, now);
  const sessions = expiringSet(sessionLifeMs, maxSessions, now);
  const cookieName = (): string => `aism_session_${port()}`;
  const hasToken = (headers: CredentialHeaders): boolean => {
    const sent = sentTokens(headers);
    return sent.some((candidate) => equalSecrets(candidate, token));
  };
  return {
    token,
    hasToken,
    admits: (headers) => hasToken(headers) || cookieValues(headers.cookie, cookieName()).some((id) => sessions.has(id)),
    mintCode: () => codes.add(),
    redeem(code) {
      if (!codes.take(code)) return null;
      const id = sessions.add();
      const attributes = `HttpOnly; SameSite=Strict; Max-Age=${sessionLifeMs / 1000}${secure ? '; Secure' : ''}`;
      // One cookie a door of ours: with Path=/ a page of ours would send it along to the upstreams.
      return ['/api', '/ws/analytics'].map((path) => `${cookieName()}=${id}; Path=${path}; ${attributes}`);
    },
  };
}

function sentTokens(headers: CredentialHeaders): readonly string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const offered = protocols
    .filter((protocol) => protocol.startsWith(wsTokenProtocolPrefix))
    .map((protocol) => protocol.slice(wsTokenProtocolPrefix.length));
  return bearer === undefined ? offered : [bearer, ...offered];
}

/** Digests have one length whatever was sent, and comparing them takes the same time wherever they differ. */
function equalSecrets(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function cookieValues(header: string | undefined, name: string): readonly string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** Random names that are valid for a while; kept as digests, the oldest leaves when there are too many. */
function expiringSet(lifeMs: number, most: number, now: () => number) {
  const ends = new Map<string, number>();
  const keyOf = (value: string): string => createHash('sha256').update(value).digest('hex');
  const has = (value: string): boolean => (ends.get(keyOf(value)) ?? Number.NEGATIVE_INFINITY) > now();
  return {
    has,
    add(): string {
      const value = randomBytes(32).toString('base64url');
      const oldest = ends.keys().next().value;
      if (ends.size >= most && oldest !== undefined) ends.delete(oldest);
      ends.set(keyOf(value), now() + lifeMs);
      return value;
    },
    take(value: string): boolean {
      const valid = has(value);
      ends.delete(keyOf(value));
      return valid;
    },
  };
}
