import { useMemo } from 'react';
import { neighbour, visibleRows } from '../../live/visible-rows.ts';
import { useServices } from '../../shell/services.tsx';
import type { Shortcut } from '../../shell/shortcuts.ts';
import { useTailExport } from './use-tail-export.ts';

export const liveFilterInputId = 'live-filter';

/** The element of a row, when the virtual list has it on screen. */
export function rowElement(callId: string): HTMLElement | null {
  return document.querySelector(`[data-call-id="${CSS.escape(callId)}"]`);
}

/** Shortcuts of the live screen. They read the stores when pressed, so they never go stale. */
export function useTailShortcuts(): readonly Shortcut[] {
  const { live, shell, actions } = useServices();
  const exportTail = useTailExport();
  return useMemo(() => {
    const step = (by: 1 | -1) => (): void => {
      const { liveFilter, selectedCallId } = shell.getState();
      const row = neighbour(visibleRows(live.getState(), liveFilter), selectedCallId, by);
      if (row !== null) actions.selectCall(row.call.callId);
    };
    const close = (): void => {
      const { selectedCallId, peeking } = shell.getState();
      actions.peek(null);
      if (peeking && selectedCallId !== null) rowElement(selectedCallId)?.focus();
    };
    const shortcut = (key: string, label: string, run: () => void): Shortcut => ({
      keys: [key],
      label,
      scope: 'live',
      run,
    });
    return [
      shortcut('/', 'Filter', () => document.getElementById(liveFilterInputId)?.focus()),
      shortcut('j', 'Next row', step(1)),
      shortcut('k', 'Row before', step(-1)),
      shortcut('Enter', 'Show details', () => actions.peek(shell.getState().selectedCallId)),
      shortcut('Escape', 'Close details', close),
      shortcut('e', 'Export the last 24 hours as CSV', exportTail),
    ];
  }, [live, shell, actions, exportTail]);
}
