import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Alert, AlertsState } from '../../../contract/thresholds.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey, useAsk } from '../../query/use-question.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { goToPlace } from '../../shell/told-place.ts';

/** Alerts and budgets as they stand; live frames keep the answer fresh (query/alert-news.ts). */
export function useAlerts(): UseQueryResult<AlertsState> {
  return useAsk('alerts', undefined);
}

export interface Snooze {
  readonly busy: boolean;
  readonly snooze: (minutes: number | null) => void;
}

/** Null minutes end a snooze. */
export function useSnooze(): Snooze {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (minutes: number | null) => valueOf(bridge.ask('snoozeAlerts', { minutes })),
    onSuccess: (state, minutes) => {
      client.setQueryData(askKey('alerts', undefined), state);
      notify('good', minutes === null ? 'Notices are on again' : 'Notices are snoozed; alerts stay listed');
    },
    onError: (error) => notify('bad', `Notices were not changed: ${error.message}`),
  });
  return { busy: isPending, snooze: mutate };
}

/** Opens the calls an alert or a budget speaks of. */
export function useShowCalls(): (calls: Pick<Alert, 'filter' | 'range'>) => void {
  const actions = useActions();
  return ({ filter, range }) => goToPlace(actions, { screen: 'requests', filter, range });
}
