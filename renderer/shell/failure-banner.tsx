import { TriangleAlert } from 'lucide-react';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { Button } from '../components/button.tsx';
import { useGatewayControl } from './gateway-control.ts';
import { useShell } from './services.tsx';
import { needsHelp } from './status-words.ts';

/** Why the gateway does not run and what a person can do about it. */
export function FailureBanner() {
  const status = useShell((state) => state.status);
  if (status === null || !needsHelp(status)) return null;
  return (
    <aside className="failure-banner" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span>{status.detail}</span>
      <span className="spacer" />
      <FailureActions status={status} />
    </aside>
  );
}

/** Another port where the configured one is taken, and another try; a browser can do neither. */
export function FailureActions({ status: { suggestedPort: port } }: { status: GatewayStatus }) {
  const { canRestart, busy, restart } = useGatewayControl();
  return (
    <>
      {canRestart && port !== null ? (
        <Button look="primary" size="small" isDisabled={busy} onPress={() => restart(port)}>
          Use port {port}
        </Button>
      ) : null}
      {canRestart ? (
        <Button size="small" isDisabled={busy} onPress={() => restart()}>
          Try again
        </Button>
      ) : null}
    </>
  );
}
