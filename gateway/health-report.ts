/** The health of the gateway from its parts. `down` means that nothing is recorded; proxying goes on in every state (P2). */
import type { FilesHealth, Health, JournalHealth, RecordingState, WarehouseHealth } from '../contract/gateway-api.ts';
import type { SnowflakeHealth } from '../contract/snowflake.ts';
import type { Upstream } from './config.ts';
import type { UpstreamTracker } from './live/upstream-health.ts';

export interface HealthSources {
  readonly version: string;
  readonly startedMs: number; // performance.now() at start
  readonly journal: { health(): JournalHealth };
  readonly warehouse: { health(): WarehouseHealth; snowflakeHealth(): SnowflakeHealth };
  readonly files: { health(): FilesHealth };
  readonly recording: () => RecordingState;
  readonly upstreams: () => readonly Upstream[];
  readonly tracker: UpstreamTracker;
}

export function healthReport(sources: HealthSources): Health {
  const checks = {
    journal: sources.journal.health(),
    warehouse: sources.warehouse.health(),
    snowflake: sources.warehouse.snowflakeHealth(),
    files: sources.files.health(),
    upstreams: sources.tracker.states(sources.upstreams()),
  };
  return {
    status: overall(checks),
    version: sources.version,
    uptimeSeconds: Math.round((performance.now() - sources.startedMs) / 100) / 10,
    recording: sources.recording(),
    checks,
  };
}

function overall({ journal, warehouse, snowflake, files, upstreams }: Health['checks']): Health['status'] {
  if (journal.state === 'down') return 'down';
  const states = [journal.state, warehouse.state, snowflake.state, files.state, ...upstreams.map(({ state }) => state)];
  return states.every((state) => state === 'ok' || state === 'off') ? 'ok' : 'degraded';
}
