import { useMutation } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { valueOf } from '../../query/ask-error.ts';
import { useAsk } from '../../query/use-question.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { Fact, SettingsGroup } from './setting.tsx';

function FirstStepsAgain() {
  const { showFirstSteps } = useActions();
  return (
    <Fact name="First steps">
      <Button size="small" onPress={showFirstSteps}>
        Show the first steps again
      </Button>
    </Fact>
  );
}

export function About() {
  const about = useAsk('about', undefined);
  const host = useAsk('hostInfo', undefined);
  const { data } = about;
  if (data === undefined) {
    return about.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={about.error} where="About" retry={() => void about.refetch()} />
    );
  }
  const electron = host.data?.electron ?? null;
  return (
    <>
      <SettingsGroup title="About">
        <Fact name="Version">{data.version}</Fact>
        <Fact name="Prices as of">{data.pricesAsOf ?? 'unknown'}</Fact>
        <Fact name="Gateway">
          {data.url} <CopyButton text={data.url} what="Base URL" />
        </Fact>
        <Fact name="Data folder">
          {data.dataDir} <CopyButton text={data.dataDir} what="Data folder" />
        </Fact>
        <Fact name="Runtime">
          Node {data.node}
          {electron === null ? '' : ` · Electron ${electron}`}
        </Fact>
        <FirstStepsAgain />
        {electron === null ? null : <OpenFolder />}
      </SettingsGroup>
      <Licences />
    </>
  );
}

function OpenFolder() {
  const { bridge } = useServices();
  const { notify } = useActions();
  const open = useMutation({
    mutationFn: () => valueOf(bridge.ask('openDataFolder', undefined)),
    onError: ({ message }) => notify('bad', message),
  });
  return (
    <div className="row">
      <Button isDisabled={open.isPending} onPress={() => open.mutate()}>
        <FolderOpen size={14} aria-hidden />
        Open data folder
      </Button>
    </div>
  );
}

function Licences() {
  return (
    <SettingsGroup title="Licence">
      <p>AI Studio Monitor is free software under the MIT licence.</p>
      <p className="fine">
        It contains DuckDB, SQLite, Node.js, Electron and Chromium, React, React Aria, ECharts, the Snowflake driver,
        the public price list genai-prices, and the fonts Inter and JetBrains Mono, each under its own licence.
      </p>
    </SettingsGroup>
  );
}
