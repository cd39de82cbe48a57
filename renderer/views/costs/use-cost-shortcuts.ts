import { useMemo } from 'react';
import type { Shortcut } from '../../shell/shortcuts.ts';
import { useTableExport } from './use-table-export.ts';

/** Shortcuts of the Costs screen besides those of its period. */
export function useCostShortcuts(): readonly Shortcut[] {
  const exportTable = useTableExport();
  return useMemo(
    () => [{ keys: ['e'], label: 'Export the cost table as CSV', scope: 'costs', run: exportTable }],
    [exportTable],
  );
}
