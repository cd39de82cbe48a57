/** The commands of this window: what can be done on the present screen, with the present host, and what was seen lately. */
import { useMemo } from 'react';
import type { Bridge } from '../../contract/ipc.ts';
import type { QuestionSource } from '../../contract/analytics.ts';
import { useAsk, useQuestion } from '../query/use-question.ts';
import { withChip } from '../requests/request-filter.ts';
import { usePeriodExport } from '../shell/export-calls.ts';
import { useGatewayControl } from '../shell/gateway-control.ts';
import { usePausedRecording, useRecordingSwitch } from '../shell/recording.ts';
import { screens } from '../shell/screens.ts';
import { useActions, usePaused, useServices, useShell } from '../shell/services.tsx';
import type { ShellActions } from '../shell/shell-store.ts';
import { useSnooze } from '../views/alerts/use-alerts.ts';
import { useRequestsExport } from '../views/requests/use-requests-export.ts';
import { settingsSections } from '../views/settings/sections.ts';
import { useSync } from '../views/snowflake/use-sync.ts';
import { commandsOf, type Command, type CommandActs, type Seen } from './commands.ts';
import { testWords } from './test-words.ts';

const seenLimit = 50;

export function useCommands(): readonly Command[] {
  const seen = useSeen();
  const act = useActs();
  const settings = useShell((state) => state.settings);
  const url = useShell((state) => state.status?.url ?? null);
  const paused = usePaused();
  const comparing = useShell((state) => state.chartView.compare);
  const recordingPaused = usePausedRecording() !== null;
  const { canRestart } = useGatewayControl();
  const { data: snowflake } = useAsk('snowflakeState', undefined);
  return commandsOf({
    screens: screens.map(({ id, label, key }) => ({ id, label, hint: `G ${key.toUpperCase()}` })),
    sections: settingsSections.map(({ id, label }) => ({ id, label: `Settings: ${label}`, hint: '' })),
    seen,
    settings,
    paused,
    comparing,
    recordingPaused,
    url,
    canRestart,
    snowflake: snowflake !== undefined && snowflake.settings !== null,
    act,
  });
}

/** Of this gateway alone: opening the palette is no reason to wake a warehouse. */
const source: QuestionSource = 'duckdb';

function useSeen(): Seen {
  const query = { range: '30d', source, limit: seenLimit } as const;
  const models = useQuestion('panels', 'models', query);
  const users = useQuestion('panels', 'users', query);
  const keys = useQuestion('panels', 'keys', query);
  return useMemo(
    () => ({
      models: models.data?.models.map(({ model }) => model) ?? [],
      users: users.data?.users.map(({ id }) => id) ?? [],
      keys: keys.data?.keys.map(({ id }) => id) ?? [],
    }),
    [models.data, users.data, keys.data],
  );
}

function useActs(): CommandActs {
  const { bridge, shell } = useServices();
  const actions = useActions();
  const { restart } = useGatewayControl();
  const { sync } = useSync();
  const { snooze } = useSnooze();
  const setRecording = useRecordingSwitch();
  const { exportCalls: exportPeriod, saveSummary } = usePeriodExport();
  const { run: exportRequests } = useRequestsExport();
  return {
    go: (screen) => {
      const found = screens.find(({ id }) => id === screen);
      if (found !== undefined) actions.go(found.id);
    },
    openSection: (section) => actions.go('settings', section),
    filterBy: (field, value) => actions.showRequests({ search: '', filter: withChip({}, { field, value }) }),
    save: (change) => void actions.save(change),
    toggleLive: actions.toggleLive,
    toggleCompare: actions.toggleCompare,
    setRecording,
    exportCsv: () => (shell.getState().screen === 'requests' ? exportRequests() : exportPeriod()),
    saveSummary,
    copyUrl: () => void actions.copy(shell.getState().status?.url ?? '', 'Base URL'),
    restart: () => restart(),
    testSnowflake: () => void testSnowflake(bridge, actions),
    sync,
    snoozeAlerts: () => snooze(60),
    showKeys: () => actions.openSheet('shortcuts'),
    firstSteps: actions.showFirstSteps,
  };
}

/** The result in a message; the steps are on the settings page, where a failure is put right. */
async function testSnowflake(bridge: Bridge, { notify }: ShellActions): Promise<void> {
  notify('good', 'Testing the Snowflake connection…');
  const answer = await bridge.ask('testSnowflake', null);
  const { good, text } = testWords(answer);
  notify(good ? 'good' : 'bad', text);
}
