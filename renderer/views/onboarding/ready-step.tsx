import { CircleAlert, CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { FailureActions } from '../../shell/failure-banner.tsx';
import { useLive, useShell } from '../../shell/services.tsx';
import { needsHelp } from '../../shell/status-words.ts';
import { isReady, readyChecks, type ReadyCheck } from './ready-checks.ts';
import { Step } from './step.tsx';
import { useLeaveWhenInUse } from './use-leave-when-in-use.ts';

const icons = { good: CircleCheck, busy: LoaderCircle, warn: CircleAlert, bad: CircleX } as const satisfies Record<
  ReadyCheck['state'],
  unknown
>;

export function ReadyStep({ onNext }: { onNext: () => void }) {
  const status = useShell((state) => state.status);
  const health = useLive((state) => state.health);
  const firstLaunch = useShell((state) => state.firstSteps === 'first');
  const ready = isReady(status);
  return (
    <Step
      id="ready"
      title={ready ? 'The gateway is ready' : 'Getting the gateway ready'}
      foot={<Foot ready={ready} onNext={onNext} />}
    >
      {firstLaunch && ready ? <LeaveWhenInUse /> : null}
      <p>
        Your clients talk to this address instead of the provider’s. Every byte passes through unchanged; only numbers
        are kept, never prompts, answers or keys.
      </p>
      <ul className="ready-checks" aria-live="polite">
        {readyChecks(status, health).map((check) => (
          <Check
            key={check.name}
            check={check}
            copy={check.name === 'Gateway' && ready ? (status?.url ?? null) : null}
          />
        ))}
      </ul>
      {status !== null && needsHelp(status) ? (
        <div className="row">
          <FailureActions status={status} />
        </div>
      ) : null}
    </Step>
  );
}

function Foot({ ready, onNext }: { ready: boolean; onNext: () => void }) {
  return (
    <>
      <span className="spacer" />
      <Button look="primary" isDisabled={!ready} onPress={onNext}>
        Continue
      </Button>
    </>
  );
}

function Check({ check: { name, state, words }, copy }: { check: ReadyCheck; copy: string | null }) {
  const Icon = icons[state];
  return (
    <li className={state} data-check={name}>
      <Icon size={16} aria-hidden />
      <strong>{name}</strong>
      <span className="ready-words">{words}</span>
      {copy === null ? null : <CopyButton text={copy} what="Base URL" />}
    </li>
  );
}

function LeaveWhenInUse() {
  useLeaveWhenInUse();
  return null;
}
