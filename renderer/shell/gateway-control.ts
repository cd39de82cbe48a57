import { useMutation } from '@tanstack/react-query';
import { useAsk } from '../query/use-question.ts';
import { valueOf } from '../query/ask-error.ts';
import { useActions, useServices } from './services.tsx';

export interface GatewayControl {
  readonly canRestart: boolean; // a browser looks at a gateway it did not start
  readonly busy: boolean;
  readonly restart: (port?: number) => void;
}

export function useGatewayControl(): GatewayControl {
  const { bridge } = useServices();
  const { notify } = useActions();
  const host = useAsk('hostInfo', undefined);
  const change = useMutation({
    mutationFn: (port: number | undefined) => valueOf(bridge.ask('restartGateway', port === undefined ? {} : { port })),
    onSuccess: () => notify('good', 'The gateway is restarting'),
    onError: (error) => notify('bad', error.message),
  });
  return { canRestart: host.data?.kind === 'electron', busy: change.isPending, restart: (port) => change.mutate(port) };
}
