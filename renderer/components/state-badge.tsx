import { Check, CircleSlash, Clock, LoaderCircle, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HealthLook } from '../format/health.ts';
import type { OutcomeShape } from '../format/outcome.ts';

const shapes = {
  check: Check,
  triangle: TriangleAlert,
  cross: X,
  slash: CircleSlash,
  ring: LoaderCircle,
  clock: Clock,
} as const satisfies Record<OutcomeShape, typeof Check>;

/** Word, colour and shape of a state; `children` follow the word. */
export function StateBadge({ look: { label, tone, shape }, children }: { look: HealthLook; children?: ReactNode }) {
  const Shape = shapes[shape];
  return (
    <span className={`badge ${tone}`}>
      <Shape size={12} strokeWidth={2.5} aria-hidden />
      {label}
      {children}
    </span>
  );
}
