import type { ReactNode } from 'react';
import type { GatewaySettingsState } from '../../../../contract/app-settings.ts';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { AppOnly, Note } from '../app-only.tsx';

const elsewhere =
  'These settings are made where the gateway is started: its flags and AISM_* variables (npm run gateway -- --help).';

export interface GatewayStateProps {
  readonly where: string;
  readonly children: (state: GatewaySettingsState) => ReactNode;
}

/** How the gateway starts, once it is known and where it can be changed; else why not. */
export function GatewayState({ where, children }: GatewayStateProps) {
  return (
    <AppOnly where={where} note={elsewhere}>
      <Loaded where={where}>{children}</Loaded>
    </AppOnly>
  );
}

function Loaded({ where, children }: GatewayStateProps) {
  const query = useAsk('gatewaySettings', undefined);
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where={where} retry={() => void query.refetch()} />
    );
  }
  const { locked, thisRun } = query.data;
  return (
    <>
      {locked === null ? null : <Note>{locked}</Note>}
      {thisRun.map((words) => (
        <Note key={words}>{words}</Note>
      ))}
      {children(query.data)}
    </>
  );
}
