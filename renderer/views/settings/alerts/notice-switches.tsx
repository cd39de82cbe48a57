import { Switch } from 'react-aria-components';
import type { Notices } from '../../../../contract/ipc.ts';
import { useActions, useShell } from '../../../shell/services.tsx';
import { AppOnly } from '../app-only.tsx';
import { Setting, SettingsGroup } from '../setting.tsx';

const kinds: readonly { readonly kind: keyof Notices; readonly name: string; readonly hint: string }[] = [
  { kind: 'alerts', name: 'Budgets and alarms', hint: 'Once for each crossing. A click opens its calls.' },
  { kind: 'gatewayDown', name: 'Gateway down', hint: 'When it does not run for more than 10 seconds.' },
  { kind: 'snowflakeDown', name: 'Snowflake not reached', hint: 'Calls are kept here meanwhile.' },
];

/** Kept by the app for this person, and in force at once; the alerts themselves are the gateway's, for everybody. */
export function NoticeSwitches() {
  return (
    <SettingsGroup title="Desktop notices" hint="The bell lists every alert, with or without a notice.">
      <AppOnly
        where="Desktop notices"
        note="A browser shows alerts at the bell. Desktop notices come from the desktop app."
      >
        {kinds.map((each) => (
          <NoticeSwitch key={each.kind} {...each} />
        ))}
      </AppOnly>
    </SettingsGroup>
  );
}

function NoticeSwitch({ kind, name, hint }: (typeof kinds)[number]) {
  const { save } = useActions();
  const notices = useShell((state) => state.settings.notices);
  return (
    <Setting name={name} hint={hint}>
      <Switch
        className="switch"
        aria-label={`Notices: ${name}`}
        isSelected={notices[kind]}
        onChange={(on) => void save({ notices: { ...notices, [kind]: on } })}
      >
        <span className="switch-track" />
      </Switch>
    </Setting>
  );
}
