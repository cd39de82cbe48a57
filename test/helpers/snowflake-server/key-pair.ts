/**
 * Key-pair login: a JWT signed with the private key of a registered public key. The claims are the driver's (auth_keypair.js): `iss` is
 * ACCOUNT.USER.SHA256:fingerprint, `sub` ACCOUNT.USER, and `iat`/`exp` come in milliseconds from this driver, in seconds from others.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import { isRecord } from './protocol.ts';

/** How far ahead of ours the clock of a client may be. */
const clockToleranceMs = 60_000;
const longestLifetimeMs = 3_600_000;

export function fingerprintOf(key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'spki' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

/** Null when the token is good; otherwise why not, which the client never learns. */
export function whyRefused(
  token: string,
  expected: {
    readonly account: string;
    readonly user: string;
    readonly keys: readonly KeyObject[];
    readonly now: number;
  },
): string | null {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decoded(head);
  const claims = decoded(body);
  if (header?.['alg'] !== 'RS256' || claims === null) return 'not an RS256 token';
  const subject = `${expected.account}.${expected.user}`;
  if (claims['sub'] !== subject) return `sub is ${String(claims['sub'])}, not ${subject}`;
  const key = expected.keys.find((candidate) => claims['iss'] === `${subject}.${fingerprintOf(candidate)}`);
  if (key === undefined) return 'iss names no registered key';
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) {
    return 'signature does not match';
  }
  const issued = toMs(claims['iat']);
  const expires = toMs(claims['exp']);
  if (issued === null || expires === null) return 'iat or exp missing';
  if (expires <= expected.now) return 'expired';
  if (issued > expected.now + clockToleranceMs) return 'issued in the future';
  return expires - issued > longestLifetimeMs ? 'valid for too long' : null;
}

function decoded(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isRecord(value) ? value : null;
  } catch {
    return null; // not JSON: the caller says so
  }
}

const toMs = (claim: unknown): number | null => {
  if (typeof claim !== 'number') return null;
  return claim > 1e11 ? claim : claim * 1_000;
};
