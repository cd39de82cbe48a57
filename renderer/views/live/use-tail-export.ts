import { useCallback } from 'react';
import { shownZone } from '../../format/time.ts';
import { useExport } from '../../reports/use-export.ts';
import { useServices } from '../../shell/services.tsx';
import { exportQuery } from './export-query.ts';

/** The stored calls that pass the live filter, of the last 24 hours or of the stretch chosen in the histogram. */
export function useTailExport(): () => void {
  const { shell } = useServices();
  const { exportList } = useExport();
  return useCallback(() => {
    const { liveFilter, settings } = shell.getState();
    void exportList('calls', { ...exportQuery(liveFilter), tz: shownZone(settings.utc) });
  }, [shell, exportList]);
}
