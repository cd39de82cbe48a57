import type { Outcome } from '../../contract/usage-record.ts';
import { outcomeLook } from '../format/outcome.ts';
import { StateBadge } from './state-badge.tsx';

export interface OutcomeBadgeProps {
  readonly outcome: Outcome | 'running';
  readonly statusCode?: number | null;
}

/** Word, colour and shape; the HTTP status beside it where there is one and it says more. */
export function OutcomeBadge({ outcome, statusCode = null }: OutcomeBadgeProps) {
  return (
    <StateBadge look={outcomeLook(outcome)}>
      {statusCode !== null && statusCode !== 200 ? <span className="badge-code">{statusCode}</span> : null}
    </StateBadge>
  );
}
