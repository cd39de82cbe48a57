/**
 * OpenAI tells the usage of a chat stream only when `stream_options.include_usage` asks for it (P1 names this exception). For a caller who says
 * nothing about `stream_options`, the gateway asks, and usage-chunk-remover.ts takes the extra chunk out of the answer. What the caller says
 * about them stays: `false` is an answer too. Only the bytes of that one member are added; the rest of the body stays as it was written.
 */
import type { Upstream } from '../config.ts';
import { offersOnlyKnownCodings } from './content-codings.ts';
import type { RawHeaders } from './exchange.ts';
import { fieldOf } from './headers.ts';
import type { RequestHeaders } from './headers.ts';

/** Reading and parsing more would hold up other calls; such a row then says that its usage is unknown. */
export const largestEditedBody = 1024 * 1024;

const chatPath = /\/completions$/; // chat and legacy completions, Azure's deployments included
const asks = '"stream_options":{"include_usage":true},';
/** Fields that vouch for the bytes of the body. */
const bodyProofs = ['content-md5', 'digest', 'content-digest', 'repr-digest', 'signature', 'x-amz-content-sha256'];

export interface ChatCandidate {
  readonly upstream: Upstream;
  readonly method: string;
  readonly path: string;
  readonly request: RequestHeaders;
}

/** Whether the body is worth reading: a chat call in plain JSON that may be small enough, may be changed, and whose answer we could change back. */
export function mayNeedStreamUsage({ upstream, method, path, request }: ChatCandidate): boolean {
  if (upstream.provider !== 'openai' || method !== 'POST' || !chatPath.test(path)) return false;
  if (request.framing === 'none' || request.expectsContinue) return false;
  const { headers } = request;
  if (fieldOf(headers, 'content-encoding') !== null || bodyProofs.some((name) => fieldOf(headers, name) !== null))
    return false;
  if (fieldOf(headers, 'authorization')?.startsWith('AWS4-') === true) return false;
  if (!/^application\/json\b/i.test(fieldOf(headers, 'content-type') ?? '')) return false;
  if (!offersOnlyKnownCodings(fieldOf(headers, 'accept-encoding'))) return false;
  return Number(fieldOf(headers, 'content-length') ?? 0) <= largestEditedBody;
}

export interface AskingBody {
  readonly body: Buffer;
  readonly model: string | null;
}

/** The body with the question added; null when it is no stream, speaks of `stream_options` itself, or is not JSON that we understand. */
export function askingForUsage(body: Buffer): AskingBody | null {
  if (!body.includes('"stream"')) return null;
  const request = parseObject(body);
  if (request?.['stream'] !== true || 'stream_options' in request) return null;
  const { model } = request;
  return { body: insertFirst(body), model: typeof model === 'string' ? model : null };
}

/** Headers for a body of another length. */
export function headersForLength(headers: RawHeaders, length: number): string[] {
  const edited: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    edited.push(name, name.toLowerCase() === 'content-length' ? String(length) : (headers[index + 1] ?? ''));
  }
  return edited;
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
