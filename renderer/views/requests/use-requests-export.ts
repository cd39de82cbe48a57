/** The CSV of exactly what the Requests screen lists: its period, source, filters and search, all pages. */
import { useIsMutating, useMutation } from '@tanstack/react-query';
import { shownZone } from '../../format/time.ts';
import { rangeQuery, withSource } from '../../range/range-query.ts';
import { callsQuery } from '../../requests/request-filter.ts';
import { useExport } from '../../reports/use-export.ts';
import { useServices } from '../../shell/services.tsx';
import type { ShellState } from '../../shell/shell-state.ts';
import { useSource } from '../../shell/use-source.ts';

const mutationKey = ['export', 'requests'];

export function requestsExport(
  { range, settings, requestFilter }: Pick<ShellState, 'range' | 'settings' | 'requestFilter'>,
  source: ShellState['source'],
): Record<string, unknown> {
  return { ...callsQuery(withSource(rangeQuery(range.period, shownZone(settings.utc)), source), requestFilter) };
}

export function useRequestsExport(): { readonly busy: boolean; readonly run: () => void } {
  const { shell } = useServices();
  const { exportList } = useExport();
  const { source } = useSource();
  const busy = useIsMutating({ mutationKey }) > 0;
  const { mutate } = useMutation({
    mutationKey,
    mutationFn: () => exportList('calls', requestsExport(shell.getState(), source)),
  });
  return { busy, run: mutate };
}
