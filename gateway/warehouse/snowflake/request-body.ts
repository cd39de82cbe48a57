/**
 * How large a request is on the wire. Snowflake recommends at most 1 MB for text and binds of a statement, after compression, and answers 413
 * above a limit that it does not document. The driver means to compress and does not (it sends the body before its gzip has ended), so it is
 * done here, as Snowflake's JDBC and Python drivers do it for the same request.
 */
import { gzipSync } from 'node:zlib';

/** Below the 1 MB with the statement's own text and parameters around the binds. */
export const maxWireBytes = 900 * 1024;
/** A smaller body fits into a few packets anyway. */
const worthCompressingBytes = 16 * 1024;

let compresses = true;

/** From now on bodies travel as they are: something on the way to Snowflake does not take compressed ones. */
export function stopCompressing(): void {
  compresses = false;
}

/** The body compressed; null when it has to travel as it is. Synchronous: 4 MB take 50 ms, and nothing here serves a proxied call. */
export function compressed(body: string): Buffer | null {
  return compresses && Buffer.byteLength(body) >= worthCompressingBytes ? gzipSync(body) : null;
}

/** What `bind` adds to the body of its request: escaped once more by JSON there, and compressed where bodies are. */
export function wireBytes(bind: string): number {
  const escaped = JSON.stringify(bind);
  const plainBytes = Buffer.byteLength(escaped);
  if (plainBytes <= maxWireBytes) return plainBytes; // fits either way; measuring costs more than it tells
  return compressed(escaped)?.length ?? plainBytes;
}
