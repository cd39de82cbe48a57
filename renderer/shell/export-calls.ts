/** Saving what the overview speaks of: exactly the period and the source on screen. */
import { useMemo } from 'react';
import { shownZone } from '../format/time.ts';
import { rangeQuery, withSource } from '../range/range-query.ts';
import { useExport } from '../reports/use-export.ts';
import { useServices } from './services.tsx';
import type { ShellState } from './shell-state.ts';
import { useSource } from './use-source.ts';

export function overviewExport(
  { range, settings }: Pick<ShellState, 'range' | 'settings'>,
  source: ShellState['source'],
): Record<string, unknown> {
  return { ...withSource(rangeQuery(range.period, shownZone(settings.utc)), source) };
}

/** The period and source on screen, asked for when something is saved. */
export function usePeriodQuery(): () => Record<string, unknown> {
  const { shell } = useServices();
  const { source } = useSource();
  return () => overviewExport(shell.getState(), source);
}

export interface PeriodExport {
  /** The calls of the period as CSV. */
  readonly exportCalls: () => void;
  /** The period as a printable page. */
  readonly saveSummary: () => void;
}

export function usePeriodExport(): PeriodExport {
  const { shell } = useServices();
  const { source } = useSource();
  const { exportList, saveSummary } = useExport();
  return useMemo(() => {
    const query = () => overviewExport(shell.getState(), source);
    return {
      exportCalls: () => void exportList('calls', query()),
      saveSummary: () => void saveSummary(query()),
    };
  }, [shell, source, exportList, saveSummary]);
}
