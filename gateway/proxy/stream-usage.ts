/**
 * OpenAI tells the usage of a chat stream only when `stream_options.include_usage` asks for it (P1 names this exception). For a caller who did
 * not ask, the gateway asks, and usage-chunk-remover.ts takes the extra chunk out again. Only the bytes of that one member change: the rest
 * of the body stays as it was written. A body that is large, compressed or not plain JSON is forwarded untouched.
 */
import type { Upstream } from '../config.ts';
import type { RawHeaders } from './exchange.ts';
import type { RequestHeaders } from './headers.ts';

/** Reading and parsing more would hold up other calls; such a row then says that its usage is unknown. */
export const largestEditedBody = 1024 * 1024;

const chatPath = /\/completions$/; // chat and legacy completions, Azure's deployments included
const asks = '"stream_options":{"include_usage":true},';

export interface ChatCandidate {
  readonly upstream: Upstream;
  readonly method: string;
  readonly path: string;
  readonly request: RequestHeaders;
}

/** Whether the body is worth reading: a chat call in plain JSON that may be small enough. */
export function mayNeedStreamUsage({ upstream, method, path, request }: ChatCandidate): boolean {
  if (upstream.provider !== 'openai' || method !== 'POST' || !chatPath.test(path)) return false;
  if (request.framing === 'none' || request.expectsContinue) return false;
  if (fieldOf(request.headers, 'content-encoding') !== null) return false;
  if (!/^application\/json\b/i.test(fieldOf(request.headers, 'content-type') ?? '')) return false;
  return Number(fieldOf(request.headers, 'content-length') ?? 0) <= largestEditedBody;
}

/** The body with the question added; null when it is no stream, asks already, or is not JSON that we understand. */
export function askingForUsage(body: Buffer): Buffer | null {
  if (!body.includes('"stream"')) return null;
  const request = parseObject(body);
  if (request?.['stream'] !== true) return null;
  const options = request['stream_options'] ?? null;
  if (options === null && !('stream_options' in request)) return insertFirst(body);
  if (options !== null && (typeof options !== 'object' || Array.isArray(options))) return null; // the upstream's to refuse
  if (options !== null && Reflect.get(options, 'include_usage') === true) return null;
  return replaceOptions(body, { ...options, include_usage: true });
}

/** Headers for the edited body. Without `accept-encoding`: the extra chunk has to be found and removed in the answer. */
export function editedHeaders(headers: RawHeaders, length: number): string[] {
  const edited: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const key = name.toLowerCase();
    if (key === 'accept-encoding') continue;
    edited.push(name, key === 'content-length' ? String(length) : (headers[index + 1] ?? ''));
  }
  return edited;
}

/** First value of a header field; null when there is none. */
export function fieldOf(headers: RawHeaders, name: string): string | null {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) return headers[index + 1] ?? null;
  }
  return null;
}

function parseObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null; // not ours to judge: it goes on as it is
  }
}

function insertFirst(body: Buffer): Buffer {
  const at = body.indexOf('{') + 1;
  return Buffer.concat([body.subarray(0, at), Buffer.from(asks), body.subarray(at)]);
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Replaces the value of the last top-level `stream_options`, which is the one that counts. Latin-1 makes every byte one character. */
function replaceOptions(body: Buffer, options: object): Buffer | null {
  const text = body.toString('latin1');
  let depth = 0;
  let from: number | null = null;
  let span: { from: number; to: number } | null = null;
  let key = '';
  for (const { 0: part, index } of text.matchAll(token)) {
    if (part === '}' || part === ']') depth -= 1;
    if (from !== null && depth <= 1 && (part === ',' || depth === 0)) {
      span = { from, to: index };
      from = null;
    }
    if (depth === 1 && part === ':' && key === '"stream_options"') from = index + 1;
    if (part === '{' || part === '[') depth += 1;
    key = depth === 1 ? part : '';
  }
  if (span === null) return null;
  const value = Buffer.from(JSON.stringify(options));
  return Buffer.concat([body.subarray(0, span.from), value, body.subarray(span.to)]);
}
