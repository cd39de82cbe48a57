import { Button } from 'react-aria-components';
import { GuardedScreen } from '../../components/fault.tsx';
import { useActions, useShell } from '../../shell/services.tsx';
import { settingsSections } from './sections.ts';

/** Parts on the left, the open one on the right. */
export function Settings() {
  const { go } = useActions();
  const open = useShell((state) => state.section);
  const current = settingsSections.find(({ id }) => id === open) ?? settingsSections[0];
  const View = current?.view;
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        {settingsSections.map(({ id, label, icon: Icon }) => (
          <Button
            key={id}
            className="settings-link"
            {...(id === current?.id ? { 'aria-current': 'page' as const } : {})}
            onPress={() => go('settings', id)}
          >
            <Icon size={15} strokeWidth={1.8} aria-hidden />
            {label}
          </Button>
        ))}
      </nav>
      <div className="settings-page" key={current?.id}>
        <GuardedScreen>{View === undefined ? null : <View />}</GuardedScreen>
      </div>
    </div>
  );
}
