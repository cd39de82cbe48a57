import type { RawHeaders } from '../exchange.ts';
import { isTrailer } from '../headers.ts';
import type { OutgoingRequest } from './upstream-client.ts';

/** Request line and header fields as they go on the wire. Method, target and fields were checked before: nothing in them can end a line. */
export function encodeHead(request: OutgoingRequest): string {
  const { headers } = request;
  let head = `${request.method} ${request.target} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${head}\r\n`;
}

/** The terminating chunk of a chunked body with its trailer fields. */
export function encodeEnd(trailers: RawHeaders): string {
  let end = '0\r\n';
  for (let index = 0; index < trailers.length; index += 2) {
    if (isTrailer(trailers[index] ?? '')) end += `${trailers[index]}: ${trailers[index + 1]}\r\n`;
  }
  return `${end}\r\n`;
}
