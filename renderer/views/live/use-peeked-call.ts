import { useQuery } from '@tanstack/react-query';
import { endedRow, type TailRow } from '../../live/tail.ts';
import { valueOf } from '../../query/ask-error.ts';
import { withSource } from '../../range/range-query.ts';
import { useLive, useServices } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';

export type PeekedCall =
  | { readonly kind: 'row'; readonly row: TailRow }
  | { readonly kind: 'asking' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly error: Error; readonly retry: () => void };

/** The call from the list, or from storage when the list does not hold it (for example an error of last week). */
export function usePeekedCall(rows: readonly TailRow[], callId: string | null): PeekedCall {
  const { bridge } = useServices();
  // The details follow the call even while the list is paused.
  const current = useLive((state) => state.rows.findLast((row) => row.call.callId === callId));
  const listed = current ?? rows.findLast((row) => row.call.callId === callId);
  const { source } = useSource(); // an error of the fleet may be another gateway's call
  const query = withSource({ range: '90d' }, source);
  const stored = useQuery({
    queryKey: ['call', source, callId],
    queryFn: () => valueOf(bridge.ask('calls', { ...query, search: callId ?? '', limit: 1 })),
    enabled: listed === undefined && callId !== null,
  });
  if (listed !== undefined) return { kind: 'row', row: listed };
  if (stored.error !== null) return { kind: 'failed', error: stored.error, retry: () => void stored.refetch() };
  if (stored.data === undefined) return { kind: 'asking' };
  const record = stored.data.calls.find((call) => call.callId === callId);
  return record === undefined ? { kind: 'missing' } : { kind: 'row', row: endedRow(record) };
}
