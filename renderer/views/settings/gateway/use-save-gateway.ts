import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { GatewaySettings, GatewaySettingsState } from '../../../../contract/app-settings.ts';
import { AppError } from '../../../../contract/errors.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useActions, useServices } from '../../../shell/services.tsx';

export interface SaveGateway {
  readonly busy: boolean;
  /** The last failure; a new try or {@link SaveGateway.forget} takes it away. */
  readonly failure: { readonly field: string | null; readonly message: string } | null;
  readonly save: (settings: GatewaySettings) => void;
  readonly forget: () => void;
}

/** Saves how the gateway starts. What comes back is what it runs with. */
export function useSaveGateway(words: string, onSaved: (state: GatewaySettingsState) => void): SaveGateway {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: (settings: GatewaySettings) => valueOf(bridge.ask('saveGatewaySettings', settings)),
    onSuccess: (state) => {
      client.setQueryData(askKey('gatewaySettings', undefined), state);
      void client.invalidateQueries({ queryKey: askKey('about', undefined) });
      onSaved(state);
      notify('good', words);
    },
    onError: ({ message }) => notify('bad', `Nothing was changed: ${message}`),
  });
  const field = error instanceof AppError ? (error.field ?? null) : null;
  return {
    busy: isPending,
    failure: error === null ? null : { field, message: error.message },
    save: mutate,
    forget: reset,
  };
}
