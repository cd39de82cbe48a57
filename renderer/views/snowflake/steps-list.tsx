import { Circle, CircleSlash, Check, LoaderCircle, TriangleAlert, Wrench, X } from 'lucide-react';
import type { SnowflakeStep } from '../../../contract/snowflake.ts';
import { formatDuration } from '../../format/duration.ts';
import { stepLabels, stepTones } from './step-list.ts';

const shapes = {
  waiting: Circle,
  running: LoaderCircle,
  ok: Check,
  warning: TriangleAlert,
  failed: X,
  skipped: CircleSlash,
} as const satisfies Record<SnowflakeStep['state'], unknown>;

/** Each step with its state as shape and word, what was found, and what to do where it did not pass. */
export function StepsList({ steps }: { steps: readonly SnowflakeStep[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <Step key={step.step} step={step} />
      ))}
    </ol>
  );
}

function Step({ step: { step, state, detail, fix, durationMs } }: { step: SnowflakeStep }) {
  const Shape = shapes[state];
  return (
    <li className={`step ${stepTones[state]}`} data-step={step} data-state={state}>
      <span className="step-shape">
        <Shape size={13} strokeWidth={2.5} aria-hidden />
      </span>
      <span className="step-name">{stepLabels[step]}</span>
      <span className="step-state">
        {state}
        {durationMs === null ? null : <span className="num"> {formatDuration(durationMs)}</span>}
      </span>
      {detail === '' ? null : <p className="step-detail">{detail}</p>}
      {fix === null ? null : (
        <p className="step-fix">
          <Wrench size={12} aria-hidden />
          <span>{fix}</span>
        </p>
      )}
    </li>
  );
}
