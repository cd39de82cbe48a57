/**
 * What the stand-in lacks for browser logins: the driver asks for the page's address over https on port 443 only, so this server answers that one
 * request over http and passes every other on. It also turns the driver's https into http, by the driver's own (process-wide) constant.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';

const Asked = z.object({
  data: z.object({ LOGIN_NAME: z.string(), BROWSER_MODE_REDIRECT_PORT: z.string() }),
});

export interface BrowserLoginFront {
  readonly url: string;
  close(): Promise<void>;
}

export async function startBrowserLoginFront(upstream: string): Promise<BrowserLoginFront> {
  const server = createServer((asked, response) => {
    if (asked.url?.startsWith('/session/authenticator-request') === true) void tellPage(asked, response, upstream);
    else passOn(asked, response, upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const restore = driverProtocol('http');
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      restore();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function tellPage(asked: IncomingMessage, response: ServerResponse, upstream: string): Promise<void> {
  const body = asked.headers['content-encoding'] === 'gzip' ? asked.pipe(createGunzip()) : asked;
  const { data } = Asked.parse(await json(body));
  const proofKey = randomBytes(32).toString('base64');
  const page = new URL('/console/login', upstream);
  page.searchParams.set('login_name', data.LOGIN_NAME);
  page.searchParams.set('proof_key', proofKey);
  page.searchParams.set('browser_mode_redirect_port', data.BROWSER_MODE_REDIRECT_PORT);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ success: true, code: null, message: null, data: { ssoUrl: page.href, proofKey } }));
}

function passOn(asked: IncomingMessage, response: ServerResponse, upstream: string): void {
  const onward = request(
    new URL(asked.url ?? '/', upstream),
    { method: asked.method, headers: asked.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  asked.pipe(onward);
}

/** Returns what undoes it. */
function driverProtocol(protocol: string): () => void {
  const { rest }: { readonly rest: { HTTPS_PROTOCOL: string } } = createRequire(import.meta.url)(
    'snowflake-sdk/dist/lib/global_config',
  );
  const before = rest.HTTPS_PROTOCOL;
  rest.HTTPS_PROTOCOL = protocol;
  return () => {
    rest.HTTPS_PROTOCOL = before;
  };
}
