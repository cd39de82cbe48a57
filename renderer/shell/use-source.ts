/** Whose calls the analytics screens speak of, and what is known about the fleet. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { QuestionSource } from '../../contract/analytics.ts';
import type { Fleet } from '../../contract/snowflake.ts';
import { valueOf } from '../query/ask-error.ts';
import { fleetKey, useAsk } from '../query/use-question.ts';
import { useServices, useShell } from './services.tsx';

export interface Source {
  readonly source: QuestionSource;
  readonly choice: boolean; // Snowflake is configured, so there is something to choose
}

/** The choice of a person holds until it is known that no Snowflake is configured. */
export function useSource(): Source {
  const chosen = useShell((state) => state.source);
  const { data } = useAsk('snowflakeState', undefined);
  const missing = data !== undefined && data.settings === null;
  return { source: missing ? 'duckdb' : chosen, choice: data !== undefined && !missing };
}

const fleetStaleMs = 15 * 60_000;

/** Asked only while the fleet is shown: the question wakes the warehouse. */
export function useFleet(): UseQueryResult<Fleet> {
  const { bridge } = useServices();
  const { source } = useSource();
  return useQuery({
    queryKey: [fleetKey, 'snowflakeFleet'],
    queryFn: () => valueOf(bridge.ask('snowflakeFleet', undefined)),
    enabled: source === 'snowflake',
    staleTime: fleetStaleMs,
    refetchOnWindowFocus: false,
  });
}
