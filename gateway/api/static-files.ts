/** The dashboard's built files at `/ui/`. They hold no data, so they need no token; what they show does. */
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { sendProblem, toProblem } from './problem.ts';
import { pageHeaders } from './response-headers.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** The bundler puts a content hash into the name: such a file never changes. */
const hashed = /[-.][\w-]{8,}\.(js|css|woff2?|svg|png)$/;

export interface StaticFilesOptions {
  readonly directory: string | null;
  readonly secure: boolean;
}

export type ServeStatic = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/** @returns a handler of `/ui/…`; `path` is the raw request path without query */
export function staticFiles({ directory, secure }: StaticFilesOptions): ServeStatic {
  const inTurn = createTurns(mostReads);
  return async (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendProblem(response, toProblem(new AppError('method_not_allowed', 'Accepted: GET, HEAD.')), {
        allow: 'GET, HEAD',
      });
      return;
    }
    const name = path.slice('/ui/'.length);
    const file = directory === null ? null : await inTurn(() => fileAt(directory, name, request.method === 'GET'));
    const headers = pageHeaders(request.headers.host ?? '', secure);
    if (file !== null) sendFile(response, file, headers);
    else if (path === '/ui/') sendPage(response, 404, headers, 'The dashboard is not built', notBuilt);
    else sendProblem(response, toProblem(new AppError('not_found', 'There is no such file in the dashboard.')));
  };
}

const notBuilt =
  'This gateway runs without its dashboard files. Build them with "npm run build" in the project, or start the gateway with --ui-dir DIR. Metering and the API work as usual.';

/** A disk that hangs holds this many threads of the pool that calls need too, however many pages are open. */
const mostReads = 2;

/** Work waits until fewer than `most` are under way. */
function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // takes the place over
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Null when only the head was asked for. The files are small: the dashboard's bundle is the largest. */
  readonly content: Buffer | null;
}

/** Null for what is not a file inside the directory, however the path is written. */
async function fileAt(directory: string, encoded: string, withContent: boolean): Promise<FoundFile | null> {
  const root = resolve(directory);
  const path = resolve(join(root, decode(encoded) ?? '\0'));
  if (path.includes('\0') || (path !== root && !path.startsWith(root + sep))) return null;
  const target = path === root ? join(root, 'index.html') : path;
  const found = await stat(target).catch(() => null);
  if (found?.isFile() !== true) return null;
  const content = withContent ? await readFile(target).catch(() => null) : null;
  if (withContent && content === null) return null; // it left meanwhile, or may not be read
  return { path: target, bytes: content?.length ?? found.size, content };
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null; // a broken escape names no file
  }
}

function sendFile(
  response: ServerResponse,
  { path, bytes, content }: FoundFile,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, {
    ...headers,
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-length': bytes,
    'cache-control': hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(content ?? undefined);
}

/** A page of our own words for a person in a browser. `text` is ours, never from a request. */
export function sendPage(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  title: string,
  text: string,
): void {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;
  response.writeHead(status, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(html),
  });
  response.end(response.req.method === 'HEAD' ? undefined : html);
}
