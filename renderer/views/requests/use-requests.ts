/** Stored calls, page after page, newest first. The list stands still while a person reads it; what came since is counted and asked for on demand. */
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Calls, RangeInput } from '../../../contract/analytics.ts';
import { useDebounced } from '../../components/use-debounced.ts';
import { endedRow, type TailRow } from '../../live/tail.ts';
import { valueOf } from '../../query/ask-error.ts';
import { rangeQuery, withSource } from '../../range/range-query.ts';
import { callsQuery } from '../../requests/request-filter.ts';
import { useLive, useServices, useShell, useZone } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';

const pageRows = 500;
const typingMs = 250;
/** While the list is empty the first call is waited for. */
const emptyAgainMs = 5000;

/** A page, and how many calls had ended in this window when it was asked for. */
type Page = Calls & { readonly endedCalls: number };

export interface RequestList {
  readonly rows: readonly TailRow[];
  readonly face: 'loading' | 'failed' | 'empty' | 'rows';
  readonly error: Error | null; // beside rows: the newest try to load failed
  readonly reloading: boolean; // the rows belong to the question asked before
  readonly more: 'none' | 'there' | 'loading' | 'failed';
  readonly newCalls: number; // ended since the list was asked for, whether they pass the filters or not
  readonly loadMore: () => void;
  readonly refresh: () => void;
}

export function useRequestRange(): RangeInput {
  const period = useShell((state) => state.range.period);
  return withSource(rangeQuery(period, useZone()), useSource().source);
}

const rowsOfPages = new WeakMap<Page, readonly TailRow[]>();

/** Made once a page: with hundreds of pages each further one would make all rows anew, and every row on screen would be another. */
function rowsOf(page: Page): readonly TailRow[] {
  const known = rowsOfPages.get(page) ?? page.calls.map(endedRow);
  rowsOfPages.set(page, known);
  return known;
}

export function useRequests(): RequestList {
  const [turn, setTurn] = useState(0);
  const pages = usePages(turn);
  const { data, error, isPlaceholderData, isFetchNextPageError } = pages;
  const rows = useMemo(() => data?.pages.flatMap(rowsOf) ?? [], [data]);
  useListedCalls(rows);
  const face =
    rows.length > 0 ? 'rows' : data !== undefined && !isPlaceholderData ? 'empty' : error ? 'failed' : 'loading';
  return {
    rows,
    face,
    error,
    reloading: isPlaceholderData && pages.isFetching,
    more: isFetchNextPageError ? 'failed' : pages.isFetchingNextPage ? 'loading' : pages.hasNextPage ? 'there' : 'none',
    newCalls: useEndedSince(data?.pages[0]),
    loadMore: () => void pages.fetchNextPage(),
    refresh: () => setTurn(turn + 1),
  };
}

function usePages(turn: number) {
  const { bridge, live } = useServices();
  const { source } = useSource();
  const range = useRequestRange();
  const filter = useDebounced(
    useShell((state) => state.requestFilter),
    typingMs,
  );
  const question = callsQuery(range, filter);
  return useInfiniteQuery<Page, Error, InfiniteData<Page, string | null>, readonly unknown[], string | null>({
    queryKey: ['requests', source, question, turn],
    queryFn: async ({ pageParam: cursor }) => {
      const { endedCalls } = live.getState();
      const input = { ...question, limit: pageRows, ...(cursor === null ? {} : { cursor }) };
      return { ...(await valueOf(bridge.ask('calls', input))), endedCalls };
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    // Calls of another source are not an older answer to this question.
    placeholderData: (data, before) => (before?.queryKey[1] === source ? data : undefined),
    refetchInterval: ({ state }) =>
      source === 'duckdb' && state.data?.pages[0]?.calls.length === 0 ? emptyAgainMs : false,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0, // coming back to the screen asks anew
  });
}

/** The keys of the screen move through these rows. */
function useListedCalls(rows: readonly TailRow[]): void {
  const { shell } = useServices();
  useEffect(() => shell.setState({ listedCalls: rows }), [shell, rows]);
  useEffect(() => () => shell.setState({ listedCalls: [] }), [shell]);
}

/** Later pages are older calls and change nothing about what came since the first was asked for. */
function useEndedSince(first: Page | undefined): number {
  const { source } = useSource();
  const ended = useLive((state) => state.endedCalls);
  return source === 'duckdb' && first !== undefined ? Math.max(0, ended - first.endedCalls) : 0;
}
