/** The beginning of a request body, read before the upstream is called, for the few requests whose body decides what is sent. */
import type { IncomingMessage } from 'node:http';

export interface ClientBody {
  /** Read so far, in order. */
  readonly read: readonly Buffer[];
  /** Nothing follows. */
  readonly whole: boolean;
  /** Sent instead of what was read. */
  readonly replaced: Buffer | null;
}

export const unreadBody: ClientBody = { read: [], whole: false, replaced: null };

/** Reads up to `maxBytes`; a longer body is left paused after them. Null when the client went away meanwhile. */
export function readClientBody(req: IncomingMessage, maxBytes: number): Promise<ClientBody | null> {
  const read: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const settle = (body: ClientBody | null): void => {
      req.off('data', take).off('end', whole).off('close', gone);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      read.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      req.pause();
      settle({ read, whole: false, replaced: null });
    };
    const whole = (): void => settle({ read, whole: true, replaced: null });
    const gone = (): void => settle(null);
    req.on('data', take).on('end', whole).on('close', gone);
  });
}
