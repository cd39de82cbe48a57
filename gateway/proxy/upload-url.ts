/**
 * Google's resumable uploads name the next address in `x-goog-upload-url`. It must lead through the gateway, or the bytes go unmetered.
 * js-genai and java-genai keep only path and query of it, so for the default upstream the path stays what it was and is served at the root.
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Destination } from './routing.ts';

const origin = /^https?:\/\/[^/?#]+/i;

/** `url` on the gateway's own origin, as the client addressed it. Anything but an absolute http(s) URL stays as it is. */
export function gatewayUploadUrl(url: string, req: IncomingMessage, destination: Destination): string {
  const { host } = req.headers;
  if (host === undefined || !origin.test(url)) return url;
  const { basePath, upstream } = destination;
  const full = url.replace(origin, '');
  const path = basePath !== '' && full.startsWith(`${basePath}/`) ? full.slice(basePath.length) : full;
  const prefix = upstream.name === 'gemini' && path.startsWith('/upload/') ? '' : `/${upstream.name}`;
  return `${req.socket instanceof TLSSocket ? 'https' : 'http'}://${host}${prefix}${path}`;
}
