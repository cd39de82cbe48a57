/**
 * Google's resumable uploads name the next address in `x-goog-upload-url`. Where it is the upstream's own, it must lead through the gateway, or
 * the bytes go unmetered. Any other address stays: the gateway would ask the configured upstream for it, with the caller's key.
 * js-genai and java-genai keep only path and query of it, so for the default upstream the path stays what it was and is served at the root.
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Destination } from './routing.ts';

/**
 * Scheme and authority, then the rest as it stands. No address with a user name, a backslash or space in its authority: parsers differ on where
 * those lead.
 */
const absolute = /^(https?:\/\/[^/?#\\@\s]+)([/?#].*)?$/is;

/** `url` on the gateway's own origin, as the client addressed it, when it is an address of the upstream that is reached through us. */
export function gatewayUploadUrl(url: string, req: IncomingMessage, destination: Destination): string {
  const { host } = req.headers;
  const full = pathOnUpstream(url, destination.upstream.origin);
  const path = full === null ? null : belowBase(full, destination.basePath);
  if (host === undefined || path === null) return url;
  const { upstream } = destination;
  const prefix = upstream.name === 'gemini' && path.startsWith('/upload/') ? '' : `/${upstream.name}`;
  return `${req.socket instanceof TLSSocket ? 'https' : 'http'}://${host}${prefix}${path}`;
}

/** Path and query, byte for byte, of an address whose origin (RFC 6454) is the upstream's. A relative one is not rewritten. */
function pathOnUpstream(url: string, upstream: URL): string | null {
  const [, origin = '', rest = ''] = absolute.exec(url) ?? [];
  return URL.canParse(origin) && new URL(origin).origin === upstream.origin ? rest : null;
}

/** Null for a path that no request to us can ask the upstream for. */
function belowBase(path: string, basePath: string): string | null {
  if (basePath === '') return path;
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : null;
}
