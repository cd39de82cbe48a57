/** Socket errors as the stable codes of the contract, decided once here. */
import type { FailureCode } from './upstream-client.ts';

export type ConnectPhase = 'tcp' | 'tls' | 'up';

const nameErrors = /^(ENOTFOUND|EAI_)/;
const timeouts: ReadonlySet<string> = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);

/** The code for an error of a connection in this phase. */
export function failureCode(error: unknown, phase: ConnectPhase): FailureCode {
  const code = codeOf(error);
  if (nameErrors.test(code)) return 'upstream_dns';
  if (timeouts.has(code)) return 'upstream_timeout';
  if (phase === 'tcp') return 'upstream_refused';
  return phase === 'tls' ? 'upstream_tls' : 'upstream_reset';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
