/** Asking what a retention deletes, and doing it. */
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type {
  RetentionPreview,
  RetentionResult,
  RetentionState,
  RetentionTarget,
} from '../../../contract/snowflake.ts';
import { useDebounced } from '../../components/use-debounced.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey } from '../../query/use-question.ts';
import { useActions, useServices, useZone } from '../../shell/services.tsx';
import { keptWords, resultWords } from './retention-words.ts';

/** Counting in Snowflake wakes its warehouse, so half-typed numbers are not counted. */
const typingMs = 600;

/** What so many days delete; nothing is asked for null. An answer about other days is never shown. */
export function usePreview(target: RetentionTarget, days: number | null): UseQueryResult<RetentionPreview> {
  const { bridge } = useServices();
  const settled = useDebounced(days, typingMs);
  const asked = days === settled ? days : null;
  return useQuery({
    queryKey: ['retentionPreview', target, days],
    queryFn: () => valueOf(bridge.ask('previewRetention', { target, days: days ?? 1 })),
    enabled: asked !== null,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export interface ApplyRetention {
  readonly busy: boolean;
  readonly result: RetentionResult | null;
  readonly run: (days: number | null) => void;
}

/** Makes the days the lasting setting where that is possible, then deletes what is older. */
export function useApplyRetention(target: RetentionTarget, state: RetentionState): ApplyRetention {
  const { bridge } = useServices();
  const { notify } = useActions();
  const tz = useZone();
  const client = useQueryClient();
  const apply = useMutation({
    mutationFn: async (days: number | null): Promise<RetentionResult | null> => {
      if (state.editable) {
        const change = target === 'local' ? { localDays: days } : { snowflakeDays: days };
        await valueOf(bridge.ask('saveRetention', { ...state.retention, ...change }));
      }
      return days === null ? null : valueOf(bridge.ask('applyRetention', { target, days }));
    },
    onSuccess: (result) => {
      notify('good', result === null ? `Calls are ${keptWords(null)}` : resultWords(result, tz));
    },
    onError: (error) => notify('bad', `Not everything was done: ${error.message}`),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: askKey('retentionState', undefined) });
      void client.invalidateQueries({ queryKey: ['retentionPreview'] });
    },
  });
  return { busy: apply.isPending, result: apply.data ?? null, run: (days) => apply.mutate(days) };
}
