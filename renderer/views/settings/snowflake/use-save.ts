import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SnowflakeForm } from '../../../../contract/ipc.ts';
import type { SnowflakeState } from '../../../../contract/snowflake.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useActions, useServices } from '../../../shell/services.tsx';

export interface SaveSnowflake {
  readonly busy: boolean;
  readonly save: (form: SnowflakeForm) => void;
  readonly forget: () => void;
}

/** Saving and forgetting; the state that comes back is what every screen shows from then on. */
export function useSaveSnowflake(onSaved: (state: SnowflakeState) => void): SaveSnowflake {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const take = (words: string) => (state: SnowflakeState) => {
    client.setQueryData(askKey('snowflakeState', undefined), state);
    void client.invalidateQueries({ queryKey: askKey('retentionState', undefined) });
    onSaved(state);
    notify('good', words);
  };
  const save = useMutation({
    mutationFn: (form: SnowflakeForm) => valueOf(bridge.ask('saveSnowflake', form)),
    onSuccess: take('Snowflake settings saved'),
    onError: (error) => notify('bad', `Nothing was saved: ${error.message}`),
  });
  const forget = useMutation({
    mutationFn: () => valueOf(bridge.ask('forgetSnowflake', undefined)),
    onSuccess: take('Snowflake settings and secrets forgotten'),
    onError: (error) => notify('bad', `Nothing was forgotten: ${error.message}`),
  });
  return { busy: save.isPending || forget.isPending, save: save.mutate, forget: () => forget.mutate() };
}
