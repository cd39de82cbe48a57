/** The health of the gateway from its parts. `down` means that nothing is recorded; proxying goes on in every state (P2). */
import type {
  BackgroundHealth,
  ClockHealth,
  FilesHealth,
  Health,
  JournalHealth,
  RecordingState,
  WarehouseHealth,
} from '../contract/gateway-api.ts';
import type { SnowflakeHealth } from '../contract/snowflake.ts';
import type { Upstream } from './config.ts';
import type { UpstreamTracker } from './live/upstream-health.ts';

export interface HealthSources {
  readonly version: string;
  readonly startedMs: number; // performance.now() at start
  readonly journal: { health(): JournalHealth };
  readonly warehouse: { health(): WarehouseHealth; snowflakeHealth(): SnowflakeHealth };
  readonly files: { health(): FilesHealth };
  readonly clock: { health(): ClockHealth };
  readonly recording: () => RecordingState;
  readonly upstreams: () => readonly Upstream[];
  readonly tracker: UpstreamTracker;
  readonly background: () => BackgroundHealth;
}

export function healthReport(sources: HealthSources): Health {
  const checks = {
    journal: sources.journal.health(),
    warehouse: sources.warehouse.health(),
    snowflake: sources.warehouse.snowflakeHealth(),
    files: sources.files.health(),
    clock: sources.clock.health(),
    upstreams: sources.tracker.states(sources.upstreams()),
    background: sources.background(),
  };
  return {
    status: overall(checks),
    version: sources.version,
    uptimeSeconds: Math.round((performance.now() - sources.startedMs) / 100) / 10,
    recording: sources.recording(),
    checks,
  };
}

function overall(checks: Health['checks']): Health['status'] {
  const { journal, warehouse, snowflake, files, clock, upstreams, background } = checks;
  if (journal.state === 'down') return 'down';
  const beside = background === undefined ? [] : [background];
  const parts = [journal, warehouse, snowflake, files, clock, ...upstreams, ...beside];
  return parts.every(({ state }) => state === 'ok' || state === 'off') ? 'ok' : 'degraded';
}
