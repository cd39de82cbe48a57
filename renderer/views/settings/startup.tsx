import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Switch } from 'react-aria-components';
import { valueOf } from '../../query/ask-error.ts';
import { askKey, useAsk } from '../../query/use-question.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { Setting, SettingsGroup } from './setting.tsx';

/** Only in the app: a browser page does not start with the system. */
export function Startup() {
  const host = useAsk('hostInfo', undefined);
  return host.data?.kind === 'electron' ? <StartAtLogin /> : null;
}

function StartAtLogin() {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const { data, error } = useAsk('loginItem', undefined);
  const save = useMutation({
    mutationFn: (enabled: boolean) => valueOf(bridge.ask('saveLoginItem', { enabled })),
    onSuccess: (item) => void client.setQueryData(askKey('loginItem', undefined), item),
    onError: ({ message }) => notify('bad', `Not changed: ${message}`),
  });
  const why = data?.unsupported ?? error?.message ?? null;
  return (
    <SettingsGroup title="Startup">
      <Setting
        name="Start at login"
        hint={why ?? 'Into the tray, without a window, so that calls are metered from the first minute.'}
      >
        <Switch
          className="switch"
          aria-label="Start at login"
          isDisabled={data === undefined || why !== null || save.isPending}
          isSelected={data?.enabled ?? false}
          onChange={(enabled) => save.mutate(enabled)}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
    </SettingsGroup>
  );
}
