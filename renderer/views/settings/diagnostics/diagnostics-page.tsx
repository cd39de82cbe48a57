import { useMutation } from '@tanstack/react-query';
import { FolderOpen, RotateCw, Save } from 'lucide-react';
import { useState } from 'react';
import type { Diagnostics } from '../../../../contract/app-settings.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { PanelError } from '../../../components/panel.tsx';
import { valueOf } from '../../../query/ask-error.ts';
import { useActions, useServices } from '../../../shell/services.tsx';
import { AppOnly } from '../app-only.tsx';
import { SettingsGroup } from '../setting.tsx';

const elsewhere = 'The desktop app collects them. For a gateway alone: npm run gateway -- doctor.';

export function DiagnosticsPage() {
  return (
    <AppOnly where="Diagnostics" note={elsewhere}>
      <Collect />
    </AppOnly>
  );
}

/** Made on request, read first, then saved or copied: exactly the text that is shown. */
function Collect() {
  const { bridge } = useServices();
  const collect = useMutation({ mutationFn: () => valueOf(bridge.ask('diagnostics', undefined)) });
  return (
    <SettingsGroup
      title="Diagnostics"
      hint="Versions, settings, health and the last log lines of app and gateway, for somebody who helps you. No keys, prompts, user names, sessions or addresses with their queries. Nothing is sent: read it, then save or copy it."
    >
      <div className="row">
        <Button
          look={collect.data === undefined ? 'primary' : 'plain'}
          isDisabled={collect.isPending}
          onPress={() => collect.mutate()}
        >
          <RotateCw size={14} aria-hidden />
          {collect.isPending ? 'Collecting…' : collect.data === undefined ? 'Collect' : 'Collect again'}
        </Button>
      </div>
      {collect.error === null ? null : (
        <PanelError error={collect.error} where="Diagnostics" retry={() => collect.mutate()} />
      )}
      {collect.data === undefined ? null : <Preview diagnostics={collect.data} />}
    </SettingsGroup>
  );
}

function Preview({ diagnostics }: { readonly diagnostics: Diagnostics }) {
  const { text } = diagnostics;
  return (
    <>
      <textarea
        className="input diagnostics-text"
        aria-label="Text of the diagnostics"
        readOnly
        value={text}
        rows={16}
      />
      <SaveRow diagnostics={diagnostics} />
    </>
  );
}

function SaveRow({ diagnostics }: { readonly diagnostics: Diagnostics }) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const [path, setPath] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => valueOf(bridge.ask('saveDiagnostics', diagnostics)),
    onSuccess: (result) => {
      if (result.saved !== 'file') return;
      setPath(result.path);
      notify('good', 'Diagnostics saved');
    },
    onError: ({ message }) => notify('bad', `Nothing was saved: ${message}`),
  });
  const reveal = useMutation({
    mutationFn: (file: string) => valueOf(bridge.ask('revealFile', { path: file })),
    onError: ({ message }) => notify('bad', message),
  });
  return (
    <div className="row">
      <Button look="primary" isDisabled={save.isPending} onPress={() => save.mutate()}>
        <Save size={14} aria-hidden />
        Save…
      </Button>
      <CopyButton text={diagnostics.text} what="Diagnostics" withLabel />
      {path === null ? null : (
        <Button look="quiet" onPress={() => reveal.mutate(path)}>
          <FolderOpen size={14} aria-hidden />
          Show in folder
        </Button>
      )}
    </div>
  );
}
