import { useMemo } from 'react';
import { neighbour, visibleRows } from '../../live/visible-rows.ts';
import { rowShortcuts } from '../../shell/row-shortcuts.ts';
import { useServices } from '../../shell/services.tsx';
import type { Shortcut } from '../../shell/shortcuts.ts';
import { useTailExport } from './use-tail-export.ts';

export const liveFilterInputId = 'live-filter';

/** Shortcuts of the live screen. */
export function useTailShortcuts(): readonly Shortcut[] {
  const services = useServices();
  const exportTail = useTailExport();
  return useMemo(() => {
    const after = (by: 1 | -1): string | null => {
      const { liveFilter, selectedCallId } = services.shell.getState();
      return neighbour(visibleRows(services.live.getState(), liveFilter), selectedCallId, by)?.call.callId ?? null;
    };
    return [
      ...rowShortcuts(services, { scope: 'live', search: { label: 'Filter', inputId: liveFilterInputId }, after }),
      { keys: ['e'], label: 'Export the last 24 hours as CSV', scope: 'live', run: exportTail },
    ];
  }, [services, exportTail]);
}
