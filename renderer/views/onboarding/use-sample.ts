import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { sampleTag } from '../../../contract/usage-record.ts';
import type { SampleAction, SampleState } from '../../../contract/gateway-api.ts';
import { forgetRows } from '../../live/live-state.ts';
import { valueOf } from '../../query/ask-error.ts';
import { useActions, useServices } from '../../shell/services.tsx';

const pollMs = 5000;

export interface Sample {
  readonly state: SampleState | undefined;
  readonly busy: boolean;
  readonly act: (action: SampleAction['action']) => void;
}

/** The built-in sample traffic: whether it runs, how many of its rows are kept, and the ways to change that. */
export function useSample(): Sample {
  const { bridge, live } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['ask', 'sampleState'],
    queryFn: () => valueOf(bridge.ask('sampleState', undefined)),
    refetchInterval: pollMs,
  });
  const change = useMutation({
    mutationFn: (action: SampleAction['action']) => valueOf(bridge.ask('sample', { action })),
    onSuccess: (state, action) => {
      client.setQueryData(['ask', 'sampleState'], state);
      if (action === 'remove')
        live.setState((now) => forgetRows(now, (row) => row.call.tags[sampleTag.name] !== sampleTag.value));
      notify(
        'good',
        { start: 'Sample traffic started', stop: 'Sample traffic stopped', remove: 'Sample rows removed' }[action],
      );
      void client.invalidateQueries();
    },
    onError: (error) => notify('bad', error.message),
  });
  return { state: query.data, busy: change.isPending, act: (action) => change.mutate(action) };
}
