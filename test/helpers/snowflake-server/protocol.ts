/** The envelope of every answer, and what the server remembers of the request it answers. */
import type { IncomingHttpHeaders } from 'node:http';
import { SqlError } from './errors.ts';

export interface Reply {
  readonly success: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly data: unknown;
}

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Of the body as it came, compressed or not. */
  readonly wireBytes: number;
  /** Parsed JSON, a form as an object, or an empty object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Aborted when the client's connection closes before the answer is complete. */
  readonly gone: AbortSignal;
  /** The connection belongs to this session from now on. */
  readonly usedBy: (sessionId: number) => void;
}

export const succeed = (data: unknown, code: string | null = null, message: string | null = null): Reply => ({
  success: true,
  code,
  message,
  data,
});

/** A refused statement still has a query id; the driver reads it and the SQL state from `data`. */
export function refuse(error: unknown, queryId: string | null = null): Reply {
  const told =
    error instanceof SqlError
      ? error
      : new SqlError(
          '000603',
          'XX000',
          `SQL execution internal error: ${error instanceof Error ? error.message : String(error)}`,
        );
  return {
    success: false,
    code: told.code,
    message: told.message,
    data: {
      internalError: false,
      errorCode: told.code,
      sqlState: told.sqlState,
      queryId,
      line: -1,
      pos: -1,
      type: 'COMPILATION',
    },
  };
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
