import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import { Segmented } from '../../components/segmented.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { useAsk } from '../../query/use-question.ts';
import { useActions, useShell } from '../../shell/services.tsx';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const;

const densities = [
  { value: 'comfortable', label: 'Comfortable' },
  { value: 'compact', label: 'Compact' },
] as const;

export function SettingsSheet() {
  const { openSheet } = useActions();
  return (
    <Sheet title="Settings" onClose={() => openSheet(null)}>
      <Appearance />
      <About />
    </Sheet>
  );
}

function Appearance() {
  const { save } = useActions();
  const settings = useShell((state) => state.settings);
  return (
    <section className="settings-group">
      <h3>Appearance</h3>
      <Setting name="Theme">
        <Segmented label="Theme" value={settings.theme} options={themes} onChange={(theme) => void save({ theme })} />
      </Setting>
      <Setting name="Row height">
        <Segmented
          label="Row height"
          value={settings.density}
          options={densities}
          onChange={(density) => void save({ density })}
        />
      </Setting>
      <Setting name="Times in UTC" hint="Also decides where a day begins in charts and totals.">
        <Switch
          className="switch"
          aria-label="Times in UTC"
          isSelected={settings.utc}
          onChange={(utc) => void save({ utc })}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
    </section>
  );
}

function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="setting">
      <div>
        <div>{name}</div>
        {hint === undefined ? null : <div className="fine">{hint}</div>}
      </div>
      {children}
    </div>
  );
}

function About() {
  const about = useAsk('about', undefined);
  const host = useAsk('hostInfo', undefined);
  const { data } = about;
  if (data === undefined) return <p className="fine">{about.error?.message ?? ''}</p>;
  const electron = host.data?.electron ?? null;
  return (
    <section className="settings-group">
      <h3>About</h3>
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
      <h3>Upstreams</h3>
      {data.upstreams.map((upstream) => (
        <Fact key={upstream.name} name={upstream.name}>
          {upstream.origin}
        </Fact>
      ))}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <span className="muted">{name}</span>
      <span className="mono">{children}</span>
    </div>
  );
}
