import { useMemo } from 'react';
import { neighbour } from '../../live/visible-rows.ts';
import { rowShortcuts } from '../../shell/row-shortcuts.ts';
import { useServices } from '../../shell/services.tsx';
import type { Shortcut } from '../../shell/shortcuts.ts';
import { useRequestsExport } from './use-requests-export.ts';

export const requestSearchInputId = 'request-search';

/** Shortcuts of the Requests screen besides those of its period. */
export function useRequestShortcuts(): readonly Shortcut[] {
  const services = useServices();
  const { run: exportCsv } = useRequestsExport();
  return useMemo(() => {
    const after = (by: 1 | -1): string | null => {
      const { listedCalls, selectedCallId } = services.shell.getState();
      const known = listedCalls.some(({ call }) => call.callId === selectedCallId);
      // Without a selection both keys begin at the newest row, which is the one a person sees.
      const row = known ? neighbour(listedCalls, selectedCallId, by) : listedCalls[0];
      return row?.call.callId ?? null;
    };
    return [
      ...rowShortcuts(services, {
        scope: 'requests',
        search: { label: 'Search', inputId: requestSearchInputId },
        after,
      }),
      { keys: ['e'], label: 'Export exactly these requests as CSV', scope: 'requests', run: () => exportCsv() },
    ];
  }, [services, exportCsv]);
}
