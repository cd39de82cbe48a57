import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { FailureBanner } from '../../shell/failure-banner.tsx';
import { RecordingBanner } from '../../shell/recording-banner.tsx';
import { useActions, useShell } from '../../shell/services.tsx';
import { CallStep } from './call-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import { isReady } from './ready-checks.ts';
import { ReadyStep } from './ready-step.tsx';
import { SnowflakeStep } from './snowflake-step.tsx';
import { Stepper } from './stepper.tsx';
import { neighbourStep, type StepId } from './steps.ts';
import { useFirstCall } from './use-first-call.ts';

/** From a fresh installation to the first metered call, a thing at a time. Leaving at any step is fine: it can be opened again. */
export function Onboarding() {
  const [step, setStep] = useState<StepId>('ready');
  const { endFirstSteps } = useActions();
  const ready = useShell(({ status }) => isReady(status));
  const call = useFirstCall();
  const move = (by: 1 | -1) => (): void => setStep(neighbourStep(step, by) ?? step);
  const done = (id: StepId): boolean =>
    ({ ready, connect: call !== null, call: call?.kind === 'ended', snowflake: false })[id];
  const turns = { call, onBack: move(-1), onNext: move(1) };
  return (
    <main className="view first-run">
      <div className="first-run-column">
        <header className="row">
          <h1>Welcome to AI Studio Monitor</h1>
          <span className="spacer" />
          <Button look="quiet" onPress={endFirstSteps}>
            Skip the first steps
          </Button>
        </header>
        <Stepper current={step} done={done} onChoose={setStep} />
        {step === 'ready' ? null : <FailureBanner />}
        <RecordingBanner />
        {step === 'ready' ? <ReadyStep onNext={turns.onNext} /> : null}
        {step === 'connect' ? <ConnectStep {...turns} /> : null}
        {step === 'call' ? <CallStep {...turns} /> : null}
        {step === 'snowflake' ? <SnowflakeStep onBack={turns.onBack} onFinish={endFirstSteps} /> : null}
      </div>
    </main>
  );
}
