import { FlaskConical, Radio } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import type { TailRow } from '../../live/tail.ts';
import { FirstRow } from './first-row.tsx';
import { Hints } from './hints.tsx';
import { Step } from './step.tsx';
import { useLate } from './use-first-call.ts';
import { useSampleCall } from './use-sample-call.ts';

const hintsAfterMs = 20_000;

export interface CallStepProps {
  readonly call: TailRow | null;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

export function CallStep({ call, onBack, onNext }: CallStepProps) {
  const ended = call?.kind === 'ended';
  return (
    <Step
      id="call"
      title={ended ? 'Your first request' : call === null ? 'Waiting for your first request…' : 'A request is running…'}
      foot={
        <>
          <Button onPress={onBack}>Back</Button>
          <span className="spacer" />
          <Button look={ended ? 'primary' : 'plain'} onPress={onNext}>
            {ended ? 'Continue' : 'Skip this step'}
          </Button>
        </>
      }
    >
      {call === null ? <Waiting /> : <FirstRow row={call} />}
    </Step>
  );
}

function Waiting() {
  const sample = useSampleCall();
  const late = useLate(true, hintsAfterMs);
  return (
    <>
      <div className="first-wait">
        <Radio size={22} aria-hidden />
        <p>Run the code of the step before. Its call shows here as soon as it ends.</p>
      </div>
      {late ? <Hints /> : null}
      <div className="first-sample">
        <Button isDisabled={sample.busy} onPress={sample.send}>
          <FlaskConical size={14} aria-hidden />
          {sample.busy ? 'Sending a sample…' : 'Send a test request'}
        </Button>
        <p className="fine">
          A sample: it goes to a sample provider inside this app, needs no key and does not leave this machine. Its rows
          are labelled and can be removed with one click.
        </p>
      </div>
    </>
  );
}
