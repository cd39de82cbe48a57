import { Switch } from 'react-aria-components';
import { Segmented } from '../../components/segmented.tsx';
import { useActions, useShell } from '../../shell/services.tsx';
import { Setting, SettingsGroup } from './setting.tsx';
import { Startup } from './startup.tsx';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const;

const densities = [
  { value: 'comfortable', label: 'Comfortable' },
  { value: 'compact', label: 'Compact' },
] as const;

export function Appearance() {
  return (
    <>
      <Look />
      <Startup />
    </>
  );
}

function Look() {
  const { save } = useActions();
  const settings = useShell((state) => state.settings);
  return (
    <SettingsGroup title="Appearance">
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
    </SettingsGroup>
  );
}
