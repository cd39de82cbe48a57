/** How a call ended, from the transport's end, the HTTP status and what the body said. */
import type { Outcome } from '../../contract/usage-record.ts';
import type { ExchangeEnd } from '../proxy/exchange.ts';
import type { UsageFacts } from './usage-facts.ts';

export function outcomeOf(end: ExchangeEnd, statusCode: number | null, hint: UsageFacts['outcomeHint']): Outcome {
  if (end.kind === 'client_aborted') return 'client_aborted';
  if (end.kind === 'upstream_failed') return failureOutcome(end.code);
  if (statusCode === null) return 'network_error';
  if (statusCode === 429) return 'rate_limited';
  if (statusCode >= 500) return 'upstream_error';
  if (statusCode >= 400) return 'client_error';
  return hint ?? 'ok';
}

type FailureCode = Extract<ExchangeEnd, { kind: 'upstream_failed' }>['code'];

/** A call the gateway cut by stopping ended like one it cut by dying. */
function failureOutcome(code: FailureCode): Outcome {
  if (code === 'upstream_timeout') return 'timeout';
  return code === 'gateway_stopping' ? 'interrupted' : 'network_error';
}
