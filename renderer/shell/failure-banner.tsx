import { TriangleAlert } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { useGatewayControl } from './gateway-control.ts';
import { useShell } from './services.tsx';
import { needsHelp } from './status-words.ts';

/** Why the gateway does not run and what a person can do about it. */
export function FailureBanner() {
  const status = useShell((state) => state.status);
  const { canRestart, busy, restart } = useGatewayControl();
  if (status === null || !needsHelp(status)) return null;
  const port = status.suggestedPort;
  return (
    <aside className="failure-banner" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span>{status.detail}</span>
      <span className="spacer" />
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
    </aside>
  );
}
