import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import { RetentionState, SnowflakeState } from '../contract/snowflake.ts';
import type { GatewayRest } from './gateway-rest.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import { snowflakeState } from './snowflake-state.ts';

export interface StateReader {
  snowflake(): Promise<SnowflakeState>;
  /** The state once the gateway works with what it was just told, or after a second. */
  afterHandOver(): Promise<SnowflakeState>;
  retention(): Promise<RetentionState>;
}

export interface StateParts {
  readonly config: SnowflakeConfig;
  readonly rest: GatewayRest;
  readonly foreign: () => string | null;
}

const handOverMs = 1000;
const lookAgainMs = 40;

export function createStateReader({ config, rest, foreign }: StateParts): StateReader {
  const compose = (gateway: SnowflakeState | string): SnowflakeState =>
    snowflakeState({ config, foreign: foreign(), gateway });
  const askGateway = (): Promise<SnowflakeState | string> => orWhy(rest.ask('/api/snowflake', SnowflakeState));
  return {
    async snowflake() {
      await config.ready;
      return compose(await askGateway());
    },
    async afterHandOver() {
      const end = Date.now() + handOverMs;
      for (;;) {
        const gateway = await askGateway();
        if (typeof gateway === 'string' || holdsOurs(gateway, config) || Date.now() >= end) return compose(gateway);
        await pause(lookAgainMs);
      }
    },
    async retention() {
      await config.ready;
      const gateway = await orWhy(rest.ask('/api/retention', RetentionState));
      const known = typeof gateway === 'string' ? null : gateway;
      const own = config.message()?.retention ?? null;
      const retention = foreign() === null ? own : (known?.retention ?? null);
      if (retention === null) throw new AppError('gateway_unreachable', String(gateway));
      return {
        retention,
        editable: foreign() === null,
        lastRunAt: known?.lastRunAt ?? null,
        lastDeletedRows: known?.lastDeletedRows ?? null,
        held: known?.held ?? null,
      };
    },
  };
}

/** Without settings of ours the gateway may go back to its own: then there is nothing to compare. */
function holdsOurs(gateway: SnowflakeState, config: SnowflakeConfig): boolean {
  const current = config.current();
  if (current === null) return gateway.configuredBy !== 'app';
  return JSON.stringify(gateway.settings) === JSON.stringify(current.settings);
}

/** A gateway that does not answer is a state like others, with a reason. */
async function orWhy<T>(asked: Promise<T>): Promise<T | string> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
