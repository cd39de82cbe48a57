import { useMemo } from 'react';
import { neighbour } from '../../live/visible-rows.ts';
import { useServices } from '../../shell/services.tsx';
import type { Shortcut } from '../../shell/shortcuts.ts';
import { rowElement } from '../live/use-tail-shortcuts.ts';
import { useRequestsExport } from './use-requests-export.ts';

export const requestSearchInputId = 'request-search';

/** Shortcuts of the Requests screen. They read the store when pressed, so they never go stale. */
export function useRequestShortcuts(): readonly Shortcut[] {
  const { shell, actions } = useServices();
  const { run: exportCsv } = useRequestsExport();
  return useMemo(() => {
    const step = (by: 1 | -1) => (): void => {
      const { listedCalls, selectedCallId } = shell.getState();
      const known = listedCalls.some(({ call }) => call.callId === selectedCallId);
      // Without a selection both keys begin at the newest row, which is the one a person sees.
      const row = known ? neighbour(listedCalls, selectedCallId, by) : listedCalls[0];
      if (row !== null && row !== undefined) actions.selectCall(row.call.callId);
    };
    const close = (): void => {
      const { selectedCallId, peeking } = shell.getState();
      actions.peek(null);
      if (peeking && selectedCallId !== null) rowElement(selectedCallId)?.focus();
    };
    const shortcut = (key: string, label: string, run: () => void): Shortcut => ({
      keys: [key],
      label,
      scope: 'requests',
      run,
    });
    return [
      shortcut('/', 'Search', () => document.getElementById(requestSearchInputId)?.focus()),
      shortcut('j', 'Next row', step(1)),
      shortcut('k', 'Row before', step(-1)),
      shortcut('Enter', 'Show details', () => actions.peek(shell.getState().selectedCallId)),
      shortcut('Escape', 'Close details', close),
      shortcut('e', 'Export exactly these requests as CSV', () => exportCsv()),
      shortcut('z', 'Zoom out', actions.zoomOut),
      shortcut('[', 'Back to the period before', actions.backInRange),
      shortcut(']', 'Forward again', actions.forwardInRange),
    ];
  }, [shell, actions, exportCsv]);
}
