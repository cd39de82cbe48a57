/** Analytics questions as React state. Old answers stay on screen while new ones load. */
import { skipToken, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { QuestionAnswer, QuestionInput, QuestionName } from '../../contract/analytics.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import { usePaused, useServices } from '../shell/services.tsx';
import { valueOf } from './ask-error.ts';

/** How soon an answer follows ended calls: the tiles at once, the panels below them a little later. */
export type Pace = 'tiles' | 'panels';

/** A relative period moves on even when no call ends. */
const driftMs = 20_000;

/** First part of the key of every answer that came out of Snowflake. */
export const fleetKey = 'fleet';
/** Each question to Snowflake wakes a warehouse that is paid for at least a minute: an answer is good until something is delivered. */
const fleetStaleMs = 15 * 60_000;

/** @param input null = nothing to ask yet. */
export function useQuestion<K extends QuestionName>(
  pace: Pace,
  name: K,
  input: (QuestionInput<K> & AskInput<K>) | null,
): UseQueryResult<AskOutput<K>> {
  const { bridge } = useServices();
  const paused = usePaused();
  const fleet = input?.source === 'snowflake';
  const first = fleet ? fleetKey : pace;
  return useQuery({
    queryKey: [first, name, input],
    queryFn: input === null ? skipToken : () => valueOf(bridge.ask(name, input)),
    // Numbers of another source are not an older answer to this question.
    placeholderData: (data, before) => (before?.queryKey[0] === first ? data : undefined),
    refetchInterval: paused || fleet ? false : driftMs,
    refetchOnWindowFocus: !paused && !fleet,
    ...(fleet ? { staleTime: fleetStaleMs } : {}),
  });
}

type PlainAsk = Exclude<AskName, QuestionName>;

export function askKey<K extends PlainAsk>(name: K, input: AskInput<K>): readonly unknown[] {
  return ['ask', name, input ?? null];
}

/** Any other ask, asked once and kept. */
export function useAsk<K extends PlainAsk>(name: K, input: AskInput<K>): UseQueryResult<AskOutput<K>> {
  const { bridge } = useServices();
  return useQuery({ queryKey: askKey(name, input), queryFn: () => valueOf(bridge.ask(name, input)) });
}

export type AnswerOf<K extends QuestionName> = QuestionAnswer<K>;
