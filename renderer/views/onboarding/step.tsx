import { useEffect, useId, useRef, type ReactNode } from 'react';
import { stepNumber, steps, type StepId } from './steps.ts';

export interface StepProps {
  readonly id: StepId;
  readonly title: string;
  readonly children: ReactNode;
  readonly foot: ReactNode;
}

/** One step. Its heading takes the focus when it comes up, so that it is read out and Tab goes on from there. */
export function Step({ id, title, children, foot }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="first-step" aria-labelledby={headingId} data-step={id}>
      <p className="fine">
        Step {stepNumber(id)} of {steps.length}
      </p>
      <h2 id={headingId} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <div className="first-step-foot">{foot}</div>
    </section>
  );
}
