/** `/ui/login?code=…`: trades a one-time code for a session cookie and goes on to the dashboard. */
import type { ServerResponse } from 'node:http';
import { pageHeaders } from './response-headers.ts';
import { sendPage } from './static-files.ts';
import type { Door } from './token.ts';

export const loginPath = '/ui/login';

const usedUp =
  'A link works once and for ten minutes. Get a new one from the app, from "npm run gateway -- dashboard", or from the line that the gateway prints when it starts.';

/** A HEAD of a link preview does not use the code up. */
export function login(response: ServerResponse, params: URLSearchParams, door: Door, secure: boolean): void {
  const { req: request } = response;
  const cookies = request.method === 'GET' ? door.redeem(params.get('code') ?? '') : null;
  const headers = pageHeaders(request.headers.host ?? '', secure);
  if (cookies === null) {
    sendPage(response, 403, headers, 'This link is used up or too old', usedUp);
    return;
  }
  response.writeHead(303, { ...headers, 'cache-control': 'no-store', location: '/ui/', 'set-cookie': [...cookies] });
  response.end();
}
