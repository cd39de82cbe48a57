import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Bridge } from '../../../contract/ipc.ts';
import type { LiveStore } from '../../live/live-store.ts';
import { valueOf } from '../../query/ask-error.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { isSample } from './first-call.ts';

/** Sample traffic includes calls that fail or take long, as real traffic does; this is enough for one that does neither. */
const patienceMs = 20_000;

export interface SampleCall {
  readonly busy: boolean;
  readonly send: () => void;
}

/** A labelled call to the built-in sample upstream: its traffic runs until one call has ended well, unless it ran before. */
export function useSampleCall(): SampleCall {
  const { bridge, live } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  const call = useMutation({
    mutationFn: () => sendSample(bridge, live),
    onError: (error) => notify('bad', `The sample call was not sent: ${error.message}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['ask', 'sampleState'] }),
  });
  return { busy: call.isPending, send: () => call.mutate() };
}

async function sendSample(bridge: Bridge, live: LiveStore): Promise<void> {
  const before = await valueOf(bridge.ask('sampleState', undefined));
  const seen = sampleEnded(live);
  if (!before.running) await valueOf(bridge.ask('sample', { action: 'start' }));
  try {
    await seen;
  } finally {
    if (!before.running) await valueOf(bridge.ask('sample', { action: 'stop' }));
  }
}

/** Resolves with the next sample call that ends well, or when patience ends. */
function sampleEnded(live: LiveStore): Promise<void> {
  const count = (): number =>
    live.getState().rows.filter((row) => row.kind === 'ended' && row.call.outcome === 'ok' && isSample(row)).length;
  const before = count();
  return new Promise((resolve) => {
    const stop = live.subscribe(() => {
      if (count() > before) end();
    });
    const timer = setTimeout(end, patienceMs);
    function end(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}
