/**
 * What changes in a header block on its way through (P1): hop-by-hop fields and the fields `Connection` nominates end here (RFC 9110 §7.6.1),
 * `host` is rewritten in place, `x-aism-*` of a request is ours. Everything else keeps its order, case and duplicates.
 */
import type { RawHeaders } from './exchange.ts';

export const callIdHeader = 'x-aism-call-id';
export const errorHeader = 'x-aism-error';
const ownPrefix = 'x-aism-';

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'upgrade',
]);
/** Framing and routing are decided by us alone: no `Connection` header can talk them away. */
const neverNominated: ReadonlySet<string> = new Set(['content-length', 'host', 'transfer-encoding', 'trailer']);
const noNames: ReadonlySet<string> = new Set();

export type BodyFraming = 'none' | 'length' | 'chunked';

export interface RequestHeaders {
  readonly framing: BodyFraming;
  readonly headers: string[]; // what goes upstream
  readonly expectsContinue: boolean;
}

export interface RequestRules {
  readonly host: string; // for the `host` field sent upstream
  readonly upgrade: boolean; // keep `Connection` and `Upgrade`: the client asks to leave HTTP
  readonly httpVersion: string;
}

/**
 * Header fields of a request as they go upstream, or why the request must be refused. Node's parser has already refused CL with TE, repeated
 * CL, bad TE endings, bare CR/LF and folded lines; what it lets through and RFC 9112 §6.1 and §3.2 do not is refused here.
 */
export function requestHeaders(raw: RawHeaders, rules: RequestRules): RequestHeaders | { readonly refused: string } {
  const headers: string[] = [];
  const nominated = nominatedBy(raw);
  let lengths = 0;
  let hosts = 0;
  let chunked = false;
  let expectsContinue = false;
  let emptyBody = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const key = name.toLowerCase();
    if (key === 'host') {
      hosts += 1;
      headers.push(name, rules.host);
    } else if (key === 'transfer-encoding') {
      if (chunked || value.toLowerCase() !== 'chunked')
        return { refused: 'Only one Transfer-Encoding, chunked, is understood.' };
      chunked = true;
      headers.push(name, value);
    } else if (hopByHop.has(key)) {
      if (rules.upgrade && key === 'upgrade') headers.push(name, value);
      if (rules.upgrade && key === 'connection') headers.push(name, 'Upgrade'); // other nominated fields end here
    } else if (!key.startsWith(ownPrefix) && !nominated.has(key)) {
      if (key === 'content-length') {
        lengths += 1;
        emptyBody = Number(value) === 0;
      } else if (key === 'expect') expectsContinue = value.toLowerCase() === '100-continue';
      headers.push(name, value);
    }
  }
  if (hosts > 1) return { refused: 'More than one Host header.' };
  if (lengths > 1) return { refused: 'More than one Content-Length header.' };
  if (chunked && lengths > 0) return { refused: 'Both Transfer-Encoding and Content-Length.' };
  if (chunked && rules.httpVersion === '1.0') return { refused: 'Transfer-Encoding in an HTTP/1.0 request.' };
  if (hosts === 0) headers.unshift('Host', rules.host);
  return { framing: chunked ? 'chunked' : lengths === 0 || emptyBody ? 'none' : 'length', headers, expectsContinue };
}

export interface ResponseRules {
  readonly callId: string;
  /** Tell the client about the chunks and trailers we forward; a body without chunks, or an HTTP/1.0 client, knows neither. */
  readonly chunked: boolean;
  /** The body is passed on in another length than the upstream announced: chunked, or until the connection closes. */
  readonly reframed: boolean;
  /** Sent with the `Upgrade` of a 426, which names the protocol that the client has to speak (RFC 9110 §15.5.22); null = no 426. */
  readonly upgradeConnection: string | null;
  readonly rewriteUploadUrl: ((value: string) => string) | null;
}

/** Header fields of a response as they go to the client. */
export function responseHeaders(raw: RawHeaders, rules: ResponseRules): string[] {
  const headers: string[] = [];
  const nominated = nominatedBy(raw);
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const key = name.toLowerCase();
    if (key === 'upgrade' && rules.upgradeConnection !== null)
      headers.push(name, value, 'Connection', rules.upgradeConnection);
    if (hopByHop.has(key) || nominated.has(key) || key === callIdHeader) continue;
    if (key === 'content-length' && rules.reframed) {
      if (rules.chunked) headers.push('Transfer-Encoding', 'chunked');
      continue;
    }
    if ((key === 'transfer-encoding' || key === 'trailer') && !rules.chunked) continue;
    const rewrite = key === 'x-goog-upload-url' ? rules.rewriteUploadUrl : null;
    headers.push(name, rewrite === null ? value : rewrite(value));
  }
  headers.push(callIdHeader, rules.callId);
  return headers;
}

/** Fields of a 101 answer: its own `Connection` and `Upgrade` are the point of it. */
export function upgradeHeaders(raw: RawHeaders, callId: string): string[] {
  const headers: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (name.toLowerCase() !== callIdHeader) headers.push(name, raw[index + 1] ?? '');
  }
  headers.push(callIdHeader, callId);
  return headers;
}

/** Trailer fields as pairs, for `ServerResponse.addTrailers`, without what must never be a trailer (RFC 9110 §6.5.1). */
export function trailerPairs(raw: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (isTrailer(name)) pairs.push([name, raw[index + 1] ?? '']);
  }
  return pairs;
}

export function isTrailer(name: string): boolean {
  const key = name.toLowerCase();
  return !hopByHop.has(key) && !neverNominated.has(key);
}

/** First value of a header field; null when there is none. */
export function fieldOf(headers: RawHeaders, name: string): string | null {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) return headers[index + 1] ?? null;
  }
  return null;
}

/** Lower-case names that the `Connection` fields nominate as hop-by-hop. */
function nominatedBy(raw: RawHeaders): ReadonlySet<string> {
  let names: Set<string> | null = null;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    for (const token of (raw[index + 1] ?? '').split(',')) {
      const key = token.trim().toLowerCase();
      if (key === '' || key === 'keep-alive' || key === 'close' || neverNominated.has(key)) continue;
      (names ??= new Set()).add(key);
    }
  }
  return names ?? noNames;
}
