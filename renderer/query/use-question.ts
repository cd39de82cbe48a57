/** Analytics questions as React state. Old answers stay on screen while new ones load. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { QuestionAnswer, QuestionInput, QuestionName } from '../../contract/analytics.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import { usePaused, useServices } from '../shell/services.tsx';
import { valueOf } from './ask-error.ts';

/** How soon an answer follows ended calls: the tiles at once, the panels below them a little later. */
export type Pace = 'tiles' | 'panels';

/** A relative period moves on even when no call ends. */
const driftMs = 20_000;

export function useQuestion<K extends QuestionName>(
  pace: Pace,
  name: K,
  input: QuestionInput<K> & AskInput<K>,
): UseQueryResult<AskOutput<K>> {
  const { bridge } = useServices();
  const paused = usePaused();
  return useQuery({
    queryKey: [pace, name, input],
    queryFn: () => valueOf(bridge.ask(name, input)),
    placeholderData: keepPreviousData,
    refetchInterval: paused ? false : driftMs,
    refetchOnWindowFocus: !paused,
  });
}

/** Any other ask, asked once and kept. */
export function useAsk<K extends Exclude<AskName, QuestionName>>(
  name: K,
  input: AskInput<K>,
): UseQueryResult<AskOutput<K>> {
  const { bridge } = useServices();
  return useQuery({ queryKey: ['ask', name, input ?? null], queryFn: () => valueOf(bridge.ask(name, input)) });
}

export type AnswerOf<K extends QuestionName> = QuestionAnswer<K>;
