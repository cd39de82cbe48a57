import { Button } from '../../components/button.tsx';
import type { TailRow } from '../../live/tail.ts';
import { SnippetChooser } from './snippet-chooser.tsx';
import { Step } from './step.tsx';

export interface ConnectStepProps {
  readonly call: TailRow | null; // it may come while the person is still here
  readonly onBack: () => void;
  readonly onNext: () => void;
}

export function ConnectStep({ call, onBack, onNext }: ConnectStepProps) {
  return (
    <Step
      id="connect"
      title="Point a client at the gateway"
      foot={
        <>
          <Button onPress={onBack}>Back</Button>
          <span className="spacer" />
          <Button look="primary" onPress={onNext}>
            {call === null ? 'Continue' : 'See your first request'}
          </Button>
        </>
      }
    >
      <p>The base URL is the only thing that changes. Copy this, run it, and watch it arrive in the next step.</p>
      <SnippetChooser />
    </Step>
  );
}
