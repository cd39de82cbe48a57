/** Saving calls as CSV and saying where they went. */
import { useCallback } from 'react';
import type { Bridge } from '../../contract/ipc.ts';
import { rangeQuery, withSource } from '../range/range-query.ts';
import { shownZone } from '../format/time.ts';
import { useServices } from './services.tsx';
import type { ShellState } from './shell-state.ts';
import type { ShellActions } from './shell-store.ts';
import { useSource } from './use-source.ts';

export async function exportCalls(
  bridge: Bridge,
  query: Record<string, unknown>,
  { notify }: Pick<ShellActions, 'notify'>,
): Promise<void> {
  const answer = await bridge.ask('exportCsv', { question: 'calls', query });
  if (!answer.ok) notify('bad', `Nothing was exported: ${answer.message}`);
  else if (answer.value.saved === 'file') notify('good', `Saved to ${answer.value.path ?? 'the chosen file'}`);
  else if (answer.value.saved === 'download') notify('good', 'The download has started');
}

/** The query of an export from the overview: exactly the period and the source on screen. */
export function overviewExport(
  { range, settings }: Pick<ShellState, 'range' | 'settings'>,
  source: ShellState['source'],
): Record<string, unknown> {
  return { ...withSource(rangeQuery(range.period, shownZone(settings.utc)), source) };
}

export function useExportCalls(): () => void {
  const { bridge, shell, actions } = useServices();
  const { source } = useSource();
  return useCallback(
    () => void exportCalls(bridge, overviewExport(shell.getState(), source), actions),
    [bridge, shell, actions, source],
  );
}
