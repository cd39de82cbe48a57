import { useCallback } from 'react';
import { useExport } from '../../reports/use-export.ts';
import { overviewExport } from '../../shell/export-calls.ts';
import { useServices } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { tableExport } from './table-export.ts';

/** Saves the cost table as it is on screen. Reads the store when it is called, so it never goes stale. */
export function useTableExport(): () => void {
  const { shell } = useServices();
  const { source } = useSource();
  const { exportList } = useExport();
  return useCallback(() => {
    const state = shell.getState();
    const { question, query } = tableExport(overviewExport(state, source), state.chartView.groupBy);
    void exportList(question, query);
  }, [shell, source, exportList]);
}
