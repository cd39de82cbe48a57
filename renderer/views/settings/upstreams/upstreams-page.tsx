import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { GatewaySettings, UpstreamSetting } from '../../../../contract/app-settings.ts';
import type { About } from '../../../../contract/gateway-api.ts';
import { Provider } from '../../../../contract/usage-record.ts';
import { Button } from '../../../components/button.tsx';
import { Confirm } from '../../../components/confirm.tsx';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { GatewayState } from '../gateway/gateway-state.tsx';
import { useSaveGateway } from '../gateway/use-save-gateway.ts';
import { SettingsGroup } from '../setting.tsx';
import { isDefaultName, newUpstream, withUpstream, type UpstreamDraft } from './upstream-draft.ts';
import { UpstreamForm } from './upstream-form.tsx';
import { UpstreamRow, type UpstreamActions } from './upstream-row.tsx';

/** The APIs behind the gateway. In a browser they can be looked at and copied. */
export function UpstreamsPage() {
  return (
    <>
      <BrowserList />
      <GatewayState where="Upstreams" showsRun>
        {({ settings, locked }) =>
          locked === null ? <Editable settings={settings} /> : <UpstreamList own={[]} actions={null} />
        }
      </GatewayState>
    </>
  );
}

function BrowserList() {
  const host = useAsk('hostInfo', undefined);
  return host.data?.kind === 'browser' ? <UpstreamList own={[]} actions={null} /> : null;
}

interface UpstreamListProps {
  readonly own: readonly UpstreamSetting[];
  readonly actions: UpstreamActions | null;
}

function UpstreamList({ own, actions }: UpstreamListProps) {
  const about = useAsk('about', undefined);
  const health = useAsk('health', undefined);
  if (about.data === undefined) {
    return about.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={about.error} where="Upstreams" retry={() => void about.refetch()} />
    );
  }
  return (
    <SettingsGroup
      title="Upstreams"
      hint="The APIs behind the gateway. Clients use the base URL in place of the API's own."
    >
      <ul className="upstreams">
        {about.data.upstreams.map((upstream) => (
          <UpstreamRow
            key={upstream.name}
            upstream={upstream}
            health={health.data?.checks.upstreams.find(({ name }) => name === upstream.name) ?? null}
            own={own.some(({ name }) => name === upstream.name)}
            actions={actions}
          />
        ))}
      </ul>
    </SettingsGroup>
  );
}

type UpstreamInfo = About['upstreams'][number];

interface Editing {
  readonly replaced: string | null; // null: a new one
  readonly draft: UpstreamDraft;
}

function Editable({ settings }: { readonly settings: GatewaySettings }) {
  const { upstreams } = settings;
  const [editing, setEditing] = useState<Editing | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const saving = useSaveGateway('The gateway runs with these upstreams', () => setEditing(null));
  const open = (next: Editing | null): void => {
    saving.forget();
    setEditing(next);
  };
  const keep = (next: UpstreamSetting[]): void => saving.save({ ...settings, upstreams: next });
  const remove = (name: string): void => {
    setRemoving(null);
    keep(upstreams.filter((upstream) => upstream.name !== name));
  };
  const actions: UpstreamActions = {
    onEdit: (upstream) => open({ replaced: upstream.name, draft: draftFor(upstream, upstreams) }),
    onRemove: setRemoving,
  };
  return (
    <>
      <UpstreamList own={upstreams} actions={actions} />
      <AddRow
        busy={saving.busy}
        problem={editing === null ? (saving.failure?.message ?? '') : ''}
        onAdd={() => open({ replaced: null, draft: newUpstream })}
      />
      {editing === null ? null : (
        <Editor editing={editing} upstreams={upstreams} saving={saving} onSave={keep} onClose={() => open(null)} />
      )}
      {removing === null ? null : (
        <RemoveDialog name={removing} onConfirm={() => remove(removing)} onCancel={() => setRemoving(null)} />
      )}
    </>
  );
}

interface AddRowProps {
  readonly busy: boolean;
  readonly problem: string;
  readonly onAdd: () => void;
}

function AddRow({ busy, problem, onAdd }: AddRowProps) {
  return (
    <div className="row">
      <Button isDisabled={busy} onPress={onAdd}>
        <Plus size={14} aria-hidden />
        Add an upstream
      </Button>
      <output className="field-problem" aria-live="polite">
        {problem}
      </output>
    </div>
  );
}

/** What is set here for it, else how it is now. */
function draftFor({ name, origin, provider }: UpstreamInfo, upstreams: readonly UpstreamSetting[]): UpstreamDraft {
  const known = isDefaultName(name) ? null : (Provider.safeParse(provider).data ?? null);
  return upstreams.find((upstream) => upstream.name === name) ?? { name, url: origin, provider: known };
}

interface EditorProps {
  readonly editing: Editing;
  readonly upstreams: readonly UpstreamSetting[];
  readonly saving: ReturnType<typeof useSaveGateway>;
  readonly onSave: (upstreams: UpstreamSetting[]) => void;
  readonly onClose: () => void;
}

function Editor({ editing: { replaced, draft }, upstreams, saving, onSave, onClose }: EditorProps) {
  const others = upstreams.map(({ name }) => name).filter((name) => name !== replaced);
  return (
    <UpstreamForm
      title={replaced === null ? 'Add an upstream' : `Upstream ${replaced}`}
      initial={draft}
      taken={others}
      busy={saving.busy}
      failure={saving.failure?.message ?? null}
      onSave={(entry) => onSave(withUpstream(upstreams, replaced ?? entry.name, entry))}
      onClose={onClose}
    />
  );
}

interface RemoveDialogProps {
  readonly name: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

function RemoveDialog({ name, onConfirm, onCancel }: RemoveDialogProps) {
  const isDefault = isDefaultName(name);
  return (
    <Confirm
      title={isDefault ? `Reset ${name}?` : `Remove ${name}?`}
      confirm={isDefault ? 'Reset' : 'Remove'}
      danger={!isDefault}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p>
        {isDefault
          ? `Calls to /${name} go to the API's own address again.`
          : `Clients that call /${name} get an error from then on. Calls that were recorded stay.`}
      </p>
      <p>The gateway restarts; calls that run may finish first.</p>
    </Confirm>
  );
}
