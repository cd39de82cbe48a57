import { ExternalLink, RotateCw, Search } from 'lucide-react';
import { useMutation } from '@tanstack/react-query';
import type { GatewaySettingsState } from '../../../../contract/app-settings.ts';
import { isLoopback } from '../../../../contract/upstreams.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Field } from '../../../components/field.tsx';
import { valueOf } from '../../../query/ask-error.ts';
import { useGatewayControl } from '../../../shell/gateway-control.ts';
import { useActions, useServices, useShell } from '../../../shell/services.tsx';
import { phaseWords } from '../../../shell/status-words.ts';
import { Note } from '../app-only.tsx';
import { SaveBar } from '../save-bar.tsx';
import { Fact, SettingsGroup } from '../setting.tsx';
import { GatewayState } from './gateway-state.tsx';
import { useGatewayForm } from './use-gateway-form.ts';

/** Where the gateway listens, and what can be done with it. */
export function GatewayPage() {
  return (
    <>
      <Running />
      <GatewayState where="Gateway settings" showsRun>
        {(state) => (state.locked === null ? <AddressForm state={state} /> : null)}
      </GatewayState>
    </>
  );
}

function Running() {
  const status = useShell((state) => state.status);
  const { canRestart, busy, restart } = useGatewayControl();
  return (
    <SettingsGroup title="Gateway">
      <Fact name="State">{status === null ? 'unknown' : phaseWords(status.phase).label}</Fact>
      <Fact name="Address">
        {status?.url ?? 'not running'}
        {typeof status?.url === 'string' ? <CopyButton text={status.url} what="Address" /> : null}
      </Fact>
      {canRestart ? (
        <div className="row">
          <Button isDisabled={busy} onPress={() => restart()}>
            <RotateCw size={14} aria-hidden />
            Restart gateway
          </Button>
          <OpenDashboard disabled={typeof status?.url !== 'string'} />
        </div>
      ) : null}
    </SettingsGroup>
  );
}

function OpenDashboard({ disabled }: { readonly disabled: boolean }) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const open = useMutation({
    mutationFn: () => valueOf(bridge.ask('openDashboard', undefined)),
    onError: ({ message }) => notify('bad', `The dashboard was not opened: ${message}`),
  });
  return (
    <Button isDisabled={disabled || open.isPending} onPress={() => open.mutate()}>
      <ExternalLink size={14} aria-hidden />
      Open in browser
    </Button>
  );
}

function AddressForm({ state }: { readonly state: GatewaySettingsState }) {
  const form = useGatewayForm(state.settings);
  const { draft, dirty, busy, problem, field, findPort, undo, save } = form;
  const reached = draft.host.trim() !== '' && !isLoopback(draft.host.trim());
  return (
    <div className="form-body">
      <SettingsGroup title="Where it listens" hint="Saving restarts the gateway. Calls that run may finish first.">
        <div className="field-with-offer">
          <Field label="Port" digits hint="Clients name it in their base URL." {...field('port')} />
          <div className="row">
            <Button size="small" onPress={() => findPort(draft.port)}>
              <Search size={13} aria-hidden />
              Find a free port
            </Button>
          </div>
        </div>
        <Field label="Address" hint={hostHint} {...field('host')} />
        {reached ? <Reached /> : null}
        <Field label="Certificate" optional placeholder="/etc/ssl/gateway.pem" hint={pemHint} {...field('tlsCert')} />
        <Field label="Key of the certificate" optional placeholder="/etc/ssl/gateway-key.pem" {...field('tlsKey')} />
      </SettingsGroup>
      <SaveBar dirty={dirty} busy={busy} problem={problem} onUndo={undo} onSave={save} busyWords="Restarting…" />
    </div>
  );
}

const hostHint = '127.0.0.1: this computer only. 0.0.0.0: every network this computer is in.';
const pemHint = 'The whole path of a PEM file. With it the gateway speaks HTTPS, and this app has to trust it too.';

function Reached() {
  return (
    <Note warn>
      Other computers can reach this address. Whoever can may send calls through it, with keys of their own. It needs a
      certificate, because keys would otherwise cross the network in clear text.
    </Note>
  );
}
