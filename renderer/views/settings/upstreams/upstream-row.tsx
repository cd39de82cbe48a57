import { Pencil, PlugZap, RotateCcw, Trash2 } from 'lucide-react';
import type { About, UpstreamHealth } from '../../../../contract/gateway-api.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { stateLook } from '../../../format/health.ts';
import { providerLabel } from '../../../format/outcome.ts';
import { Provider } from '../../../../contract/usage-record.ts';
import { isDefaultName } from './upstream-draft.ts';
import { useUpstreamTest } from './use-upstream-test.ts';

export interface UpstreamActions {
  readonly onEdit: (upstream: About['upstreams'][number]) => void;
  readonly onRemove: (name: string) => void;
}

export interface UpstreamRowProps {
  readonly upstream: About['upstreams'][number];
  readonly health: UpstreamHealth | null;
  /** Set here, so it can be taken back; a default otherwise, or one of the environment. */
  readonly own: boolean;
  readonly actions: UpstreamActions | null;
}

/** An API behind the gateway: its name, where it is, how it does, and the base URL that clients use. */
export function UpstreamRow({ upstream, health, own, actions }: UpstreamRowProps) {
  const { name, origin, baseUrl } = upstream;
  const provider = Provider.safeParse(upstream.provider).data;
  return (
    <li className="upstream">
      <div className="upstream-head">
        <h3>{name}</h3>
        <span className="fine">{provider === undefined ? upstream.provider : providerLabel(provider)}</span>
        {health === null ? null : <StateBadge look={stateLook(health.state)} />}
      </div>
      <div className="upstream-line">
        <span className="muted">Base URL</span>
        <span className="mono">{baseUrl}</span>
        <CopyButton text={baseUrl} what={`Base URL of ${name}`} />
      </div>
      <div className="upstream-line">
        <span className="muted">Address</span>
        <span className="mono">{origin}</span>
      </div>
      {health?.lastError === null || health === null ? null : <p className="fine">{health.lastError}</p>}
      {actions === null ? null : <RowActions upstream={upstream} own={own} actions={actions} />}
    </li>
  );
}

type RowActionsProps = Pick<UpstreamRowProps, 'upstream' | 'own'> & { readonly actions: UpstreamActions };

function RowActions({ upstream, own, actions }: RowActionsProps) {
  const { name, origin } = upstream;
  const test = useUpstreamTest();
  // What a screen reader hears begins with what is read on the button (WCAG 2.5.3).
  const testing = test.busy ? 'Testing…' : 'Test';
  const editing = isDefaultName(name) && !own ? 'Redirect' : 'Edit';
  return (
    <div className="row">
      <Button size="small" isDisabled={test.busy} aria-label={`${testing} ${name}`} onPress={() => test.run(origin)}>
        <PlugZap size={13} aria-hidden />
        {testing}
      </Button>
      <Button size="small" aria-label={`${editing} ${name}`} onPress={() => actions.onEdit(upstream)}>
        <Pencil size={13} aria-hidden />
        {editing}
      </Button>
      {own ? <TakeBack name={name} onPress={() => actions.onRemove(name)} /> : null}
      <output className={`fine ${test.result === null ? '' : `tone-${test.result.tone}`}`} aria-live="polite">
        {test.result?.words ?? ''}
      </output>
    </div>
  );
}

function TakeBack({ name, onPress }: { readonly name: string; readonly onPress: () => void }) {
  const isDefault = isDefaultName(name);
  const Icon = isDefault ? RotateCcw : Trash2;
  return (
    <Button size="small" look="quiet" aria-label={`${isDefault ? 'Reset' : 'Remove'} ${name}`} onPress={onPress}>
      <Icon size={13} aria-hidden />
      {isDefault ? 'Reset' : 'Remove'}
    </Button>
  );
}
