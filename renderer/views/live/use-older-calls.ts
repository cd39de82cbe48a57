import { useDeferredValue, useEffect } from 'react';
import { isFiltering } from '../../live/live-filter.ts';
import { tailOf } from '../../live/tail.ts';
import { useQuestion } from '../../query/use-question.ts';
import { useServices, useShell } from '../../shell/services.tsx';
import { storedCallsQuery } from './export-query.ts';

const olderLimit = 300;

/**
 * Fills the list with stored calls that pass the filter, so that a fresh window or a narrow filter does not look like there was no traffic.
 * `none`: nothing is stored and nothing is filtered out.
 */
export function useOlderCalls(): 'asking' | 'some' | 'none' {
  const { live } = useServices();
  const filter = useDeferredValue(useShell((state) => state.liveFilter));
  const { data, isPlaceholderData, error } = useQuestion('panels', 'calls', storedCallsQuery(filter, olderLimit));
  useEffect(() => {
    if (data !== undefined) live.setState({ older: tailOf(data.calls) });
  }, [data, live]);
  if (error !== null) return 'some';
  if (data === undefined || isPlaceholderData) return 'asking';
  return data.calls.length === 0 && !isFiltering(filter) ? 'none' : 'some';
}
