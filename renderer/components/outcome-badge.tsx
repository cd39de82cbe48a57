import { Check, CircleSlash, Clock, LoaderCircle, TriangleAlert, X } from 'lucide-react';
import type { Outcome } from '../../contract/usage-record.ts';
import { outcomeLook, type OutcomeShape } from '../format/outcome.ts';

const shapes = {
  check: Check,
  triangle: TriangleAlert,
  cross: X,
  slash: CircleSlash,
  ring: LoaderCircle,
  clock: Clock,
} as const satisfies Record<OutcomeShape, typeof Check>;

export interface OutcomeBadgeProps {
  readonly outcome: Outcome | 'running';
  readonly statusCode?: number | null;
}

/** Word, colour and shape; the HTTP status beside it where there is one and it says more. */
export function OutcomeBadge({ outcome, statusCode = null }: OutcomeBadgeProps) {
  const { label, tone, shape } = outcomeLook(outcome);
  const Shape = shapes[shape];
  return (
    <span className={`badge ${tone}`}>
      <Shape size={12} strokeWidth={2.5} aria-hidden />
      {label}
      {statusCode !== null && statusCode !== 200 ? <span className="badge-code">{statusCode}</span> : null}
    </span>
  );
}
