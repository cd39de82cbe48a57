/**
 * One error shape for every process. A code is stable and documented; the message is for people and names the field and the fix.
 * Errors cross a process as values ({@link Problem}, {@link Failure}): custom fields of thrown errors do not survive IPC.
 */
import { z } from 'zod';

export const errorCodes = [
  'bad_request', // a field of the question or message is wrong; `field` names it
  'unauthorized', // token missing or wrong
  'forbidden_host', // Host header not in the allow-list
  'forbidden_origin', // Origin or Sec-Fetch-Site says another site asks
  'not_found',
  'method_not_allowed',
  'unknown_upstream', // proxy path prefix names no configured upstream
  'bad_framing', // request smuggling rules: CL+TE, bare CR/LF, absolute-form …
  'upstream_refused',
  'upstream_dns',
  'upstream_tls',
  'upstream_timeout',
  'upstream_reset', // closed or reset in the middle of a response
  'gateway_stopping',
  'gateway_unreachable',
  'warehouse_unavailable',
  'journal_unavailable',
  'snowflake_not_configured',
  'snowflake_unavailable', // network, suspended account, lock, time-out: repeating may help
  'snowflake_denied', // login, role or privileges: somebody has to act
  'snowflake_error', // a statement that Snowflake refuses for another reason
  'not_supported_here', // the browser dashboard asked for what only the desktop app can do
  'busy', // a job of this kind runs already: wait for its end, or cancel it
  'already_running', // another instance holds the data directory
  'port_in_use',
  'data_dir_unusable',
  'file_not_written', // an export or report: disk full, no permission, folder gone; the message says which
  'bad_config',
  'cancelled',
  'timeout',
  'internal',
] as const;
export const ErrorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof ErrorCode>;

export interface AppErrorOptions {
  /** The request field, option or environment name at fault. */
  readonly field?: string;
  readonly cause?: unknown;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.field = options.field;
  }
}

/** RFC 9457 problem details; `code` is ours and stable, `type` is a relative reference made of it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ErrorCode,
  field: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

export const Failure = z.object({
  ok: z.literal(false),
  code: ErrorCode,
  message: z.string(),
  field: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;
export type Answer<T> = { readonly ok: true; readonly value: T } | Failure;

/** Any thrown value as a failure; what is not an {@link AppError} is `internal` and keeps only its message. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    return {
      ok: false,
      code: error.code,
      message: error.message,
      ...(error.field === undefined ? {} : { field: error.field }),
    };
  }
  return { ok: false, code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** Compile-time proof that every variant was handled. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
