import { useMemo } from 'react';
import { usePeriodExport } from '../../shell/export-calls.ts';
import type { Shortcut } from '../../shell/shortcuts.ts';

/** Shortcuts of the overview besides those of its period. */
export function useOverviewShortcuts(): readonly Shortcut[] {
  const { exportCalls } = usePeriodExport();
  return useMemo(
    () => [{ keys: ['e'], label: 'Export the calls of this period as CSV', scope: 'overview', run: exportCalls }],
    [exportCalls],
  );
}
