/** One response head: status line and header fields, read strictly (RFC 9112 §4, §5, §6.1). */

export interface ParsedHead {
  readonly statusCode: number;
  readonly reason: string;
  readonly headers: readonly string[]; // name, value, name, value … as on the wire, without the white space around values
  readonly contentLength: number | null;
  readonly chunked: boolean;
  readonly persistent: boolean; // the upstream will take another request on this connection
  readonly keepAliveMs: number | null; // `Keep-Alive: timeout=N`
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const digits = /^\d{1,15}$/;
const keepAliveTimeout = /(?:^|[,\s])timeout\s*=\s*(\d{1,6})/i;

interface Framing {
  contentLength: number | null;
  codings: number;
  connection: string;
  keepAliveMs: number | null;
}

/**
 * Reads a head (without its empty line). Returns the reason when it is not valid. Lines may end in a bare LF: a recipient may take it as an end
 * of line (RFC 9112 §2.2), curl does, and what the client gets has ends of our own.
 */
export function parseHead(text: string): ParsedHead | string {
  const strict = parseLines(text.split('\r\n'));
  return typeof strict === 'string' && text.includes('\n') ? parseLines(text.split(/\r?\n/)) : strict;
}

function parseLines(lines: readonly string[]): ParsedHead | string {
  const start = statusLine.exec(lines[0] ?? '');
  if (start === null) return 'invalid status line';
  const headers: string[] = [];
  const framing: Framing = { contentLength: null, codings: 0, connection: '', keepAliveMs: null };
  for (let index = 1; index < lines.length; index += 1) {
    const fault = readField(lines[index] ?? '', headers, framing);
    if (fault !== null) return fault;
  }
  if (framing.codings > 0 && framing.contentLength !== null) return 'both Transfer-Encoding and Content-Length';
  const isHttp11 = start[1] === '1';
  return {
    statusCode: Number(start[2]),
    reason: start[3] ?? '',
    headers,
    contentLength: framing.contentLength,
    chunked: framing.codings > 0,
    persistent: isPersistent(isHttp11, framing),
    keepAliveMs: framing.keepAliveMs,
  };
}

/** Reads one header or trailer field into `into`. Returns the reason when it is not valid. */
export function readField(line: string, into: string[], framing: Framing | null): string | null {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!fieldName.test(name)) return 'invalid header name'; // also an obsolete folded line
  const value = trimBlanks(line, colon + 1);
  if (!fieldValue.test(value)) return 'invalid header value';
  into.push(name, value);
  return framing === null ? null : noteFraming(name, value, framing);
}

/** `String.trim` would also take no-break spaces (0xA0), which are data here. */
function trimBlanks(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** The length of a name rules most fields out before any of them is put in lower case. */
function noteFraming(name: string, value: string, framing: Framing): string | null {
  if (name.length === 14 && name.toLowerCase() === 'content-length') {
    if (framing.contentLength !== null) return 'repeated Content-Length';
    if (!digits.test(value)) return 'invalid Content-Length';
    framing.contentLength = Number(value);
  } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
    framing.codings += 1;
    if (framing.codings > 1 || value.toLowerCase() !== 'chunked') return 'unknown Transfer-Encoding';
  } else if (name.length === 10) {
    const key = name.toLowerCase();
    if (key === 'connection') framing.connection += `,${value.toLowerCase()}`;
    if (key === 'keep-alive') framing.keepAliveMs = timeoutOf(value);
  }
  return null;
}

function timeoutOf(value: string): number | null {
  const seconds = keepAliveTimeout.exec(value)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function isPersistent(isHttp11: boolean, framing: Framing): boolean {
  if (framing.connection === '') return isHttp11;
  const tokens = framing.connection.split(',').map((token) => token.trim());
  if (tokens.includes('close')) return false;
  return isHttp11 || (tokens.includes('keep-alive') && framing.codings === 0);
}
