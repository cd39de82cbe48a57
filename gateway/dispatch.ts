/** What happens to every request first: the guard, then its owner. No byte of a refused request is read or forwarded. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../contract/errors.ts';
import { isSampleUpstream } from '../contract/usage-record.ts';
import { isOwnPath, parseTarget, type Control } from './api/control.ts';
import { judge, type GuardPolicy, type Verdict } from './api/guard.ts';
import { rawProblem, sendProblem, toProblem } from './api/problem.ts';
import { beside } from './fault-guard.ts';
import type { Log } from './log.ts';
import type { Proxy } from './proxy/proxy.ts';
import type { Listeners } from './server.ts';

export interface DispatchOptions {
  readonly policy: () => GuardPolicy;
  readonly control: Control;
  /** The proxy for a path: sample traffic has one of its own. */
  readonly proxyFor: (path: string) => Proxy;
  readonly log: Log;
}

export function createDispatch({ policy, control, proxyFor, log }: DispatchOptions): Listeners {
  return {
    request(request, response) {
      const target = parseTarget(request.url ?? '');
      const own = isOwnPath(target.path);
      const verdict = judge({ rawHeaders: request.rawHeaders, proxied: !own }, policy());
      if (!verdict.allowed) refuse(response, verdict, own);
      else if (own)
        beside('control API', () => control.handle(request, response, target)).catch((error: unknown) =>
          fail(error, response, log),
        );
      else proxyFor(target.path).handle(request, response);
    },
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const target = parseTarget(request.url ?? '');
      const own = isOwnPath(target.path);
      const verdict = judge({ rawHeaders: request.rawHeaders, proxied: !own }, policy());
      if (!verdict.allowed) refuseUpgrade(socket, verdict);
      else if (own) beside('control API', () => control.upgrade(request, socket, head, target));
      else proxyFor(target.path).upgrade(request, socket, head);
    },
  };
}

/** For the gateway's own command line, app and sample traffic: by token alone, and without the dashboard and the upstreams. */
export function createToolsDispatch(options: DispatchOptions): Listeners {
  const { request, upgrade } = createDispatch(options);
  const refused = toProblem(new AppError('not_found', 'This address is for the own tools of the gateway only.'));
  const admits = ({ url = '', headers }: IncomingMessage): boolean => {
    delete headers.cookie; // a browser's session ends at the other port
    return isForTools(parseTarget(url).path);
  };
  return {
    request(incoming, response) {
      if (admits(incoming)) request(incoming, response);
      else sendProblem(response, refused, { connection: 'close' });
    },
    upgrade(incoming, socket, head) {
      if (admits(incoming)) upgrade(incoming, socket, head);
      else socket.end(rawProblem(refused));
    },
  };
}

function isForTools(path: string): boolean {
  const isPage = path === '/' || path === '/ui' || path.startsWith('/ui/');
  return (isOwnPath(path) && !isPage) || isSamplePath(path);
}

/** Whether the path belongs to the built-in sample traffic. */
export const isSamplePath = (path: string): boolean => isSampleUpstream(path.split('/')[1] ?? '');

type Refusal = Extract<Verdict, { allowed: false }>;

function refuse(response: ServerResponse, { code, detail }: Refusal, own: boolean): void {
  const problem = toProblem(new AppError(code, detail));
  sendProblem(response, problem, { connection: 'close', ...(own ? {} : { 'x-aism-error': code }) });
}

function refuseUpgrade(socket: Duplex, { code, detail }: Refusal): void {
  socket.end(rawProblem(toProblem(new AppError(code, detail))));
}

function fail(error: unknown, response: ServerResponse, log: Log): void {
  log.error({ err: error }, 'ApiRequestFailed');
  if (response.headersSent) response.destroy();
  else sendProblem(response, toProblem(error), { connection: 'close' });
}
