import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SnowflakeState } from '../../../contract/snowflake.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey } from '../../query/use-question.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { syncWords } from './sync-words.ts';

/** Sends what waits now. */
export function useSync(): { readonly busy: boolean; readonly sync: () => void } {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const sync = useMutation({
    mutationFn: () => valueOf(bridge.ask('syncSnowflake', undefined)),
    onSuccess: (health) => {
      client.setQueryData<SnowflakeState>(askKey('snowflakeState', undefined), (known) =>
        known === undefined ? undefined : { ...known, health },
      );
      const { good, text } = syncWords(health);
      notify(good ? 'good' : 'bad', text);
      void client.invalidateQueries({ queryKey: askKey('health', undefined) });
    },
    onError: (error) => notify('bad', `Nothing was sent: ${error.message}`),
  });
  return { busy: sync.isPending, sync: () => sync.mutate() };
}
