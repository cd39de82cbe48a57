/** The gateway's one re-pricing run: asked for often while it runs, seldom otherwise. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RepriceInput, RepriceState } from '../../../../contract/prices.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useServices } from '../../../shell/services.tsx';

const runningMs = 400;
const restingMs = 30_000;

export interface Reprice {
  readonly state: RepriceState | undefined;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly start: (input: RepriceInput) => void;
  readonly cancel: () => void;
}

export function useReprice(onDone: () => void): Reprice {
  const { bridge } = useServices();
  const client = useQueryClient();
  const key = askKey('repriceState', undefined);
  const query = useQuery({
    queryKey: key,
    queryFn: () => valueOf(bridge.ask('repriceState', undefined)),
    refetchInterval: ({ state }) => (state.data?.phase === 'running' ? runningMs : restingMs),
  });
  const take = (state: RepriceState): void => void client.setQueryData(key, state);
  const start = useMutation({
    mutationFn: (input: RepriceInput) => valueOf(bridge.ask('startReprice', input)),
    onSuccess: take,
  });
  const cancel = useMutation({
    mutationFn: () => valueOf(bridge.ask('cancelReprice', undefined)),
    onSuccess: take,
  });
  const phase = query.data?.phase;
  const wrote = query.data?.input?.dryRun === false;
  const before = useRef(phase);
  useEffect(() => {
    const ended = before.current === 'running' && phase !== 'running';
    before.current = phase;
    if (!ended || !wrote) return;
    // Every sum may be another one now.
    void client.invalidateQueries();
    if (phase === 'done') onDone();
  }, [phase, wrote, client, onDone]);
  return {
    state: query.data,
    error: start.error ?? cancel.error ?? query.error,
    busy: phase === 'running' || start.isPending,
    start: (input) => start.mutate(input),
    cancel: () => cancel.mutate(),
  };
}
