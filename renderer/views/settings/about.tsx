import { CopyButton } from '../../components/copy-button.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { useAsk } from '../../query/use-question.ts';
import { Fact, SettingsGroup } from './setting.tsx';

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
      </SettingsGroup>
      <SettingsGroup title="Upstreams">
        {data.upstreams.map((upstream) => (
          <Fact key={upstream.name} name={upstream.name}>
            {upstream.origin}
          </Fact>
        ))}
      </SettingsGroup>
    </>
  );
}
