/** JSON bodies of the control API. The content type is required: a form of a foreign page can send anything but `application/json`. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../contract/errors.ts';

const usualMaxBytes = 16 * 1024;

/** @throws AppError `bad_request` for another content type, too many bytes or no JSON; an empty body is `{}` */
export async function readJsonBody(request: IncomingMessage, maxBytes = usualMaxBytes): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new AppError('bad_request', 'Content-Type must be application/json.', { field: 'content-type' });
  }
  const text = await readText(request, maxBytes);
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('bad_request', 'The body is not valid JSON.', { field: 'body', cause: error });
  }
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new AppError('bad_request', `The body is larger than ${maxBytes} bytes.`, { field: 'body' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
