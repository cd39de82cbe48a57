import { Check } from 'lucide-react';
import { Button } from 'react-aria-components';
import { stepNumber, steps, type StepId } from './steps.ts';

export interface StepperProps {
  readonly current: StepId;
  readonly done: (step: StepId) => boolean;
  readonly onChoose: (step: StepId) => void;
}

/** Where a person is among the steps; each can be gone to, none has to be done first. */
export function Stepper({ current, done, onChoose }: StepperProps) {
  return (
    <ol className="stepper" aria-label="First steps">
      {steps.map(({ id, label }) => (
        <li key={id} className={id === current ? 'current' : done(id) ? 'done' : ''}>
          <Button {...(id === current ? { 'aria-current': 'step' as const } : {})} onPress={() => onChoose(id)}>
            <span className="step-number">
              {done(id) && id !== current ? <Check size={13} strokeWidth={3} aria-label="done" /> : stepNumber(id)}
            </span>
            {label}
          </Button>
        </li>
      ))}
    </ol>
  );
}
