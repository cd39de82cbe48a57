import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, RefreshCw, RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { Switch } from 'react-aria-components';
import type { UpdateState } from '../../../../contract/app-settings.ts';
import { Button } from '../../../components/button.tsx';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { formatDateTime } from '../../../format/time.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey, useAsk } from '../../../query/use-question.ts';
import { useActions, useServices, useZone } from '../../../shell/services.tsx';
import { AppOnly, Note } from '../app-only.tsx';
import { Fact, Setting, SettingsGroup } from '../setting.tsx';

const elsewhere = 'The desktop app can look for updates. A gateway without it is updated where it was installed.';

export function UpdatesPage() {
  return (
    <AppOnly where="Updates" note={elsewhere}>
      <Updates />
    </AppOnly>
  );
}

function Updates() {
  const query = useAsk('updateState', undefined);
  useToldState();
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where="Updates" retry={() => void query.refetch()} />
    );
  }
  return <UpdateGroup state={query.data} />;
}

/** Steps that go on without this page: a look by the clock, the progress of a download. */
function useToldState(): void {
  const { bridge } = useServices();
  const client = useQueryClient();
  useEffect(
    () => bridge.onTold('updateState', (state) => void client.setQueryData(askKey('updateState', undefined), state)),
    [bridge, client],
  );
}

function UpdateGroup({ state }: { readonly state: UpdateState }) {
  const host = useAsk('hostInfo', undefined);
  const zone = useZone();
  const { setMode, check, install, busy } = useUpdateActions();
  const { mode, unsupported, checkedAt, detail } = state;
  return (
    <SettingsGroup title="Updates">
      {unsupported === null ? null : <Note>{unsupported}</Note>}
      <Setting
        name="Look for updates"
        hint="Once a day, at the address this build was given. Off: no request is ever made. Nothing is downloaded or installed unless you say so."
      >
        <Switch
          className="switch"
          aria-label="Look for updates"
          isDisabled={unsupported !== null || busy}
          isSelected={mode === 'check'}
          onChange={(on) => setMode(on ? 'check' : 'off')}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
      <Fact name="This version">{host.data?.version ?? ''}</Fact>
      {checkedAt === null ? null : <Fact name="Last looked">{formatDateTime(checkedAt, zone)}</Fact>}
      {unsupported === null ? <StateLine state={state} detail={detail} /> : null}
      {mode === 'check' && unsupported === null ? (
        <Steps state={state} busy={busy} check={check} install={install} />
      ) : null}
    </SettingsGroup>
  );
}

function StateLine({ state: { phase, percent }, detail }: { readonly state: UpdateState; readonly detail: string }) {
  return (
    <div className="update-state">
      <output className={phase === 'failed' ? 'field-problem' : ''} aria-live="polite">
        {detail}
      </output>
      {percent === null ? null : (
        <progress max={100} value={percent} aria-label="Download">
          {percent} %
        </progress>
      )}
    </div>
  );
}

interface StepsProps {
  readonly state: UpdateState;
  readonly busy: boolean;
  readonly check: () => void;
  readonly install: () => void;
}

function Steps({ state: { phase, version }, busy, check, install }: StepsProps) {
  const working = phase === 'checking' || phase === 'downloading';
  const offered = version !== null && (phase === 'available' || phase === 'failed');
  return (
    <div className="row">
      {phase === 'ready' ? (
        <Button look="primary" isDisabled={busy} onPress={install}>
          <RotateCw size={14} aria-hidden />
          Restart and install
        </Button>
      ) : (
        <Button isDisabled={busy || working} onPress={check}>
          <RefreshCw size={14} aria-hidden />
          {phase === 'checking' ? 'Looking…' : 'Look now'}
        </Button>
      )}
      {offered ? (
        <Button look="primary" isDisabled={busy} onPress={install}>
          <Download size={14} aria-hidden />
          Download {version}
        </Button>
      ) : null}
    </div>
  );
}

function useUpdateActions() {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const take = (state: UpdateState): void => void client.setQueryData(askKey('updateState', undefined), state);
  const step = useMutation({
    mutationFn: (ask: () => Promise<UpdateState>) => ask(),
    onSuccess: take,
    onError: ({ message }) => notify('bad', message),
  });
  return {
    busy: step.isPending,
    setMode: (mode: UpdateState['mode']) => step.mutate(() => valueOf(bridge.ask('saveUpdateMode', { mode }))),
    check: () => step.mutate(() => valueOf(bridge.ask('checkForUpdate', undefined))),
    install: () => step.mutate(() => valueOf(bridge.ask('installUpdate', undefined))),
  };
}
