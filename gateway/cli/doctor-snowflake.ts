/** `doctor` on Snowflake: the connection test step by step, then whether every stream is there whole and once. */
import { toFailure } from '../../contract/errors.ts';
import type { SnowflakeStep, SnowflakeTest } from '../../contract/snowflake.ts';
import type { SnowflakeAudit } from '../api/snowflake-routes.ts';
import type { GatewayConfig } from '../config.ts';
import type { ClockSight } from './doctor-network.ts';
import type { Finding } from './finding.ts';
import { openSnowflakeDoor, type SnowflakeDoor } from './snowflake-door.ts';

export interface SnowflakeSight {
  readonly findings: readonly Finding[];
  readonly clock: ClockSight | null;
}

export async function lookAtSnowflake(config: GatewayConfig): Promise<SnowflakeSight> {
  try {
    const door = await openSnowflakeDoor(config);
    if (door === null)
      return { findings: [{ state: 'note', part: 'snowflake', detail: 'not configured' }], clock: null };
    return await look(door, config.snowflake?.warnings ?? []);
  } catch (error) {
    const { message } = toFailure(error);
    return { findings: [{ state: 'failed', part: 'snowflake', detail: message }], clock: null };
  }
}

async function look(door: SnowflakeDoor, warnings: readonly string[]): Promise<SnowflakeSight> {
  const test = await door.test();
  const findings = [
    ...warnings.map((detail): Finding => ({ state: 'note', part: 'snowflake settings', detail })),
    ...test.steps.map(stepFinding),
    ...(hasTable(test) ? [auditFinding(await door.audit())] : []),
  ];
  const clock = test.clockSkewMs === null ? null : { from: 'Snowflake', skewMs: test.clockSkewMs };
  return { findings, clock };
}

const hasTable = ({ steps }: SnowflakeTest): boolean =>
  steps.some(({ step, state }) => step === 'table' && (state === 'ok' || state === 'warning'));

const stateOf = {
  ok: 'ok',
  warning: 'note',
  failed: 'failed',
  skipped: 'note',
  waiting: 'note',
  running: 'note',
} as const satisfies Record<SnowflakeStep['state'], Finding['state']>;

function stepFinding({ step, state, detail, fix }: SnowflakeStep): Finding {
  return { state: stateOf[state], part: `snowflake ${step}`, detail: state === 'skipped' ? 'not tried' : detail, fix };
}

const namedProblems = 5;

function auditFinding(streams: SnowflakeAudit): Finding {
  const part = 'snowflake rows';
  const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
  const bad = streams.filter(({ problems }) => problems.length > 0);
  if (bad.length === 0) return { state: 'ok', part, detail: `${rows} rows in ${streams.length} streams, each once` };
  const named = bad.slice(0, namedProblems).map(({ streamId, problems }) => `${streamId}: ${problems.join(', ')}`);
  return {
    state: 'failed',
    part,
    detail: `${bad.length} of ${streams.length} streams are not right. ${named.join('; ')}`,
  };
}
