/** What a team watches over: its thresholds, and the watch that checks them against the embedded warehouse. */
import { startAlerts, type Alerts } from './alerts/alerts.ts';
import { createSettled } from './alerts/settled.ts';
import type { ClockGuard } from './clock-guard.ts';
import { dataFiles } from './config.ts';
import type { LiveHub } from './live/hub.ts';
import type { Logging } from './log.ts';
import type { Shutdown } from './shutdown.ts';
import type { Storage } from './storage.ts';
import { openThresholds, type ThresholdsStore } from './thresholds/thresholds.ts';

export interface AlertParts {
  readonly thresholds: ThresholdsStore;
  readonly alerts: Alerts;
}

export interface AlertSources extends Pick<Storage, 'journal' | 'warehouse' | 'ask' | 'files'> {
  readonly hub: Pick<LiveHub, 'oldestStartedMs'>;
  readonly clock: Pick<ClockGuard, 'trustedMs'>;
}

export async function startAlertParts(
  dataDir: string,
  { journal, warehouse, ask, files: faults, hub, clock }: AlertSources,
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
    settledMs: createSettled({
      now: Date.now,
      oldestStartedMs: () => hub.oldestStartedMs(),
      waitingRows: () => journal.health().waitingRows,
      lastSeq: () => journal.lastSeq(),
      deliveredSeq: () => (warehouse.health().state === 'ok' ? warehouse.health().deliveredSeq : null),
    }),
    trustedMs: () => clock.trustedMs(),
    log,
  });
  shutdown.add('alerts', () => alerts.stop());
  return { thresholds, alerts };
}
