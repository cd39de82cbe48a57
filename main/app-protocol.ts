import { protocol, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import { assetPath, assetType } from './asset-path.ts';
import { isPageUrl, pageScheme } from './page-url.ts';

/**
 * The page may load its own bundle and nothing else. Data comes over IPC, so it needs no connection to the gateway. No inline style either: the
 * page sets styles through the DOM, which no policy has to allow.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must run before the app is ready: a standard, secure scheme gives the page a real origin, which `file://` has not. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer at `app://ui/`. */
export function serveRenderer(session: Session, rendererDir: string): void {
  session.protocol.handle(pageScheme, async (request) => {
    const isOurs = isPageUrl(request.url) && request.method === 'GET';
    const path = isOurs ? assetPath(rendererDir, new URL(request.url).pathname) : null;
    const body = path === null ? null : await readFile(path).catch(() => null);
    if (path === null || body === null)
      return new Response('Not found', { status: 404, headers: headersFor('text/plain') });
    return new Response(body, { headers: headersFor(assetType(path)) });
  });
}

function headersFor(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}
