/** What the gateway tells of alerts becomes the newest answer to `alerts`, so that bell, panels and settings show one state. */
import type { QueryClient } from '@tanstack/react-query';
import type { AlertsState } from '../../contract/thresholds.ts';
import type { LiveStore } from '../live/live-store.ts';
import { askKey } from './use-question.ts';

export function startAlertNews({ client, live }: { client: QueryClient; live: LiveStore }): { stop: () => void } {
  const stop = live.subscribe(({ alerts }, before) => {
    if (alerts !== null && alerts !== before.alerts)
      client.setQueryData<AlertsState>(askKey('alerts', undefined), alerts);
  });
  return { stop };
}
