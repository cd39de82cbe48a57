/** What a team watches over: its thresholds, and the watch that checks them against the embedded warehouse. */
import { startAlerts, type Alerts } from './alerts/alerts.ts';
import { dataFiles } from './config.ts';
import type { Logging } from './log.ts';
import type { Shutdown } from './shutdown.ts';
import type { Storage } from './storage.ts';
import { openThresholds, type ThresholdsStore } from './thresholds/thresholds.ts';

export interface AlertParts {
  readonly thresholds: ThresholdsStore;
  readonly alerts: Alerts;
}

export async function startAlertParts(
  dataDir: string,
  { warehouse, ask, files: faults }: Pick<Storage, 'warehouse' | 'ask' | 'files'>,
  logging: Logging,
  shutdown: Shutdown,
): Promise<AlertParts> {
  const log = logging.component('analytics');
  const files = dataFiles(dataDir);
  const thresholds = await openThresholds(files.thresholds, faults, log);
  shutdown.add('thresholds', () => thresholds.stop());
  const alerts = await startAlerts({
    path: files.alerts,
    faults,
    thresholds,
    ask: (query, signal) => ask('metrics', query, signal),
    onRows: (listener) => warehouse.onDelivered((destination) => (destination === 'duckdb' ? listener() : undefined)),
    log,
  });
  shutdown.add('alerts', () => alerts.stop());
  return { thresholds, alerts };
}
