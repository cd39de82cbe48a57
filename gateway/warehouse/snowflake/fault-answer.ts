/** A fault as the error that crosses the process edge: three codes for people who act on them, the words and the fix for people who read. */
import { AppError, type ErrorCode } from '../../../contract/errors.ts';
import { SnowflakeFault, type FaultKind } from './fault.ts';

const codes: Readonly<Record<FaultKind, ErrorCode>> = {
  network: 'snowflake_unavailable',
  throttled: 'snowflake_unavailable',
  internal: 'snowflake_unavailable',
  session: 'snowflake_unavailable',
  suspended: 'snowflake_unavailable',
  lock: 'snowflake_unavailable',
  account: 'snowflake_denied',
  login: 'snowflake_denied',
  key: 'snowflake_denied',
  clock: 'snowflake_denied',
  role: 'snowflake_denied',
  warehouse: 'snowflake_denied',
  database: 'snowflake_denied',
  schema: 'snowflake_denied',
  privileges: 'snowflake_denied',
  table: 'snowflake_error',
  procedure: 'snowflake_error',
  statement: 'snowflake_error',
  too_large: 'snowflake_error',
  data: 'snowflake_error',
  timeout: 'timeout',
  cancelled: 'cancelled',
};

/** What is no fault of Snowflake passes as it is. */
export function toAppError(error: unknown): unknown {
  if (!(error instanceof SnowflakeFault)) return error;
  const message = error.fix === null ? error.message : `${error.message}. ${error.fix}`;
  return new AppError(codes[error.kind], message, { cause: error });
}
