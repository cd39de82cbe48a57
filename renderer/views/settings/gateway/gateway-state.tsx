import type { ReactNode } from 'react';
import type { GatewaySettingsState } from '../../../../contract/app-settings.ts';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { AppOnly, Note } from '../app-only.tsx';

const elsewhere =
  'These settings are made where the gateway is started: its flags and AISM_* variables (npm run gateway -- --help).';

export interface GatewayStateProps {
  readonly where: string;
  /** What the command line sets instead for this run concerns this page. */
  readonly showsRun?: boolean;
  readonly children: (state: GatewaySettingsState) => ReactNode;
}

/** How the gateway starts, once it is known and where it can be changed; else why not. */
export function GatewayState(props: GatewayStateProps) {
  return (
    <AppOnly where={props.where} note={elsewhere}>
      <Loaded {...props} />
    </AppOnly>
  );
}

function Loaded({ where, showsRun = false, children }: GatewayStateProps) {
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
      {showsRun && thisRun.length > 0 ? <Note>{thisRun.join(' ')}</Note> : null}
      {children(query.data)}
    </>
  );
}
