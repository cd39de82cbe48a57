import { useInfiniteQuery } from '@tanstack/react-query';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { Button } from '../../components/button.tsx';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { formatExact } from '../../format/numbers.ts';
import { formatClockMs, formatDay } from '../../format/time.ts';
import { valueOf } from '../../query/ask-error.ts';
import { useActions, useServices, useZone } from '../../shell/services.tsx';
import { isOf, type UnmeteredRow } from './doubtful.ts';
import { useRangeInput } from './use-overview.ts';

const pageSize = 500;

/**
 * The newest calls of one row. The question filters by provider, model and kind of call; the cause is looked for in its pages, so a rare one
 * may need several.
 */
export function DoubtCalls({ row }: { row: UnmeteredRow }) {
  const calls = useCalls(row);
  if (calls.data === undefined) {
    return calls.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={calls.error} where="Calls" retry={() => void calls.refetch()} />
    );
  }
  const looked = calls.data.pages.flatMap((page) => page.calls);
  const found = looked.filter((call) => isOf(row, call));
  return (
    <div className="doubt-calls">
      <ul>
        {found.map((call) => (
          <CallLink key={call.callId} call={call} />
        ))}
      </ul>
      <div className="row">
        <output className="fine num">
          {formatExact(found.length)} found among the newest {formatExact(looked.length)} calls of this model
        </output>
        {calls.hasNextPage ? (
          <Button size="small" look="quiet" isDisabled={calls.isFetching} onPress={() => void calls.fetchNextPage()}>
            Look further back
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function useCalls({ provider, model, surface }: UnmeteredRow) {
  const { bridge } = useServices();
  const range = useRangeInput();
  const filter = { provider: [provider], surface: [surface], ...(model === null ? {} : { model: [model] }) };
  const query = { ...range, filter, limit: pageSize };
  return useInfiniteQuery({
    queryKey: ['doubtfulCalls', query],
    queryFn: ({ pageParam }) =>
      valueOf(bridge.ask('calls', pageParam === '' ? query : { ...query, cursor: pageParam })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchOnWindowFocus: false,
  });
}

function CallLink({ call }: { call: UsageRecord }) {
  const { go, peek } = useActions();
  const tz = useZone();
  const show = (): void => {
    peek(call.callId);
    go('live');
  };
  return (
    <li>
      <button type="button" onClick={show} title="Open this call">
        <span className="num">
          {formatDay(call.startedAt, tz)} {formatClockMs(call.startedAt, tz)}
        </span>
        <OutcomeBadge outcome={call.outcome} statusCode={call.statusCode} />
        <span className="num muted">
          {formatExact(call.inputTokens)} in · {formatExact(call.outputTokens)} out · {formatExact(call.totalTokens)}{' '}
          total
        </span>
      </button>
    </li>
  );
}
