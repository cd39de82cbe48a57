/**
 * Who pays: the API key of a request, told apart without being stored (P5). An id is the start of an HMAC-SHA-256 with the install's own salt,
 * so the same key has the same id here and no id can be looked up elsewhere, plus the key's last four characters, which people know it by.
 */
import { createHmac } from 'node:crypto';
import type { RawHeaders } from '../proxy/exchange.ts';
import { headerValue } from './header-values.ts';

const hashLength = 8;
const shownLength = 4;
/** A shorter key would give away too much of itself. */
const shortestShown = 12;
const mostRemembered = 256;

export interface KeySource {
  readonly headers: RawHeaders;
  readonly query: URLSearchParams;
}

interface Credential {
  readonly secret: string;
  /** The end of an opaque key may be shown; the end of a Basic credential is part of a password. */
  readonly isKey: boolean;
}

export function createKeyIdentity(salt: string | Uint8Array): (source: KeySource) => string | null {
  const ids = new Map<string, string>();
  return (source) => {
    const credential = credentialOf(source);
    if (credential === null) return null;
    const known = ids.get(credential.secret);
    if (known !== undefined) return known;
    if (ids.size >= mostRemembered) ids.clear();
    const hash = createHmac('sha256', salt).update(credential.secret).digest('hex').slice(0, hashLength);
    const end =
      credential.isKey && credential.secret.length >= shortestShown
        ? printable(credential.secret.slice(-shownLength))
        : '';
    const id = `${hash}…${end}`;
    ids.set(credential.secret, id);
    return id;
  };
}

const keyHeaders = ['x-goog-api-key', 'x-api-key', 'api-key'] as const;
const keyParameters = ['key', 'access_token'] as const;

function credentialOf({ headers, query }: KeySource): Credential | null {
  const authorization = headerValue(headers, 'authorization')?.trim() ?? '';
  const bearer = /^Bearer\s+(\S+)/i.exec(authorization)?.[1];
  if (bearer !== undefined) return { secret: bearer, isKey: true };
  for (const name of keyHeaders) {
    const value = headerValue(headers, name)?.trim() ?? '';
    if (value !== '') return { secret: value, isKey: true };
  }
  for (const name of keyParameters) {
    const value = query.get(name)?.trim() ?? '';
    if (value !== '') return { secret: value, isKey: true };
  }
  return authorization === '' ? null : { secret: authorization, isKey: false };
}

const printable = (text: string): string => text.replace(/[^\u0021-\u007e]/g, '');
