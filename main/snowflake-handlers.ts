/** What main answers about the user's Snowflake: its settings are ours, delivery and retention are the gateway's, test and setup run here. */
import { AppError } from '../contract/errors.ts';
import {
  Fleet,
  RetentionPreview,
  RetentionResult,
  RetentionState,
  SnowflakeHealth,
  SnowflakeSetup,
  type SnowflakeStep,
  SnowflakeTest,
} from '../contract/snowflake.ts';
import type { MainHandlers } from './answer.ts';
import type { GatewayRest } from './gateway-rest.ts';
import type { SnowflakePool } from './snowflake-source.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import { accountOf, type SnowflakeAccount } from './snowflake-form.ts';
import { createStateReader } from './snowflake-state-reader.ts';

/** Everything that needs the driver, which is loaded at the first use. */
export interface SnowflakeTools {
  openPool(account: SnowflakeAccount): Promise<SnowflakePool>;
  test(
    account: SnowflakeAccount,
    onSteps: (steps: readonly SnowflakeStep[]) => void,
    signal: AbortSignal,
  ): Promise<SnowflakeTest>;
  setUp(account: SnowflakeAccount, dryRun: boolean, signal: AbortSignal): Promise<SnowflakeSetup>;
}

export interface SnowflakeParts {
  readonly config: SnowflakeConfig;
  readonly tools: SnowflakeTools;
  readonly rest: GatewayRest;
  /** Why this gateway's settings are not ours to change, in plain words; null when they are. */
  readonly foreign: () => string | null;
  readonly tellSteps: (steps: readonly SnowflakeStep[]) => void;
}

type SnowflakeHandlers = Pick<
  MainHandlers,
  | 'snowflakeState'
  | 'testSnowflake'
  | 'saveSnowflake'
  | 'forgetSnowflake'
  | 'setupSnowflake'
  | 'syncSnowflake'
  | 'snowflakeFleet'
  | 'retentionState'
  | 'saveRetention'
  | 'previewRetention'
  | 'applyRetention'
  | 'confirmClock'
>;

/** A warehouse that sleeps takes seconds to wake, and a delete or a batch may take its two minutes. */
const slow = { timeoutMs: 150_000 };

export function createSnowflakeHandlers(parts: SnowflakeParts): SnowflakeHandlers {
  const { config, rest } = parts;
  const states = createStateReader(parts);
  const change = async (work: () => Promise<void>): Promise<void> => {
    const why = parts.foreign();
    if (why !== null) throw new AppError('not_supported_here', why);
    await work();
  };
  return {
    snowflakeState: () => states.snowflake(),
    testSnowflake: createTester(parts),
    async saveSnowflake(form) {
      await change(() => config.save(form));
      return states.afterHandOver();
    },
    async forgetSnowflake() {
      await change(() => config.forget());
      return states.afterHandOver();
    },
    setupSnowflake: ({ dryRun }, left) => setUp(parts, dryRun, left),
    syncSnowflake: (_nothing, left) =>
      rest.ask('/api/snowflake/sync', SnowflakeHealth, { ...slow, body: {}, signal: left }),
    snowflakeFleet: (_nothing, left) => rest.ask('/api/snowflake/fleet', Fleet, { ...slow, signal: left }),
    retentionState: () => states.retention(),
    async saveRetention(retention) {
      await change(() => config.saveRetention(retention));
      return states.retention();
    },
    previewRetention: (input, left) =>
      rest.ask('/api/retention/preview', RetentionPreview, { ...slow, body: input, signal: left }),
    // Deleting goes on when the page is closed: half a retention would help nobody.
    applyRetention: (input) => rest.ask('/api/retention/apply', RetentionResult, { ...slow, body: input }),
    async confirmClock() {
      await rest.ask('/api/retention/confirm-clock', RetentionState, { body: {} });
      return states.retention();
    },
  };
}

/** The account that main can use itself; null where only the gateway knows how to log in. */
function ownAccount({ config, foreign }: SnowflakeParts): SnowflakeAccount | null {
  return foreign() === null ? config.current() : null;
}

/** One test at a time: a newer one cancels the one that runs. */
function createTester(parts: SnowflakeParts): SnowflakeHandlers['testSnowflake'] {
  const { config, tools, rest, tellSteps } = parts;
  let running: AbortController | null = null;
  return async (form, left) => {
    await config.ready;
    const account = form === null ? ownAccount(parts) : accountOf(form, config.current());
    running?.abort();
    const turn = new AbortController();
    running = turn;
    const signal = AbortSignal.any([left, turn.signal]);
    if (account === null) return rest.ask('/api/snowflake/test', SnowflakeTest, { ...slow, body: {}, signal });
    const tellWhileWanted = (steps: readonly SnowflakeStep[]): void => {
      if (!signal.aborted) tellSteps(steps);
    };
    const result = await tools.test(account, tellWhileWanted, signal);
    if (signal.aborted) throw new AppError('cancelled', 'A newer test took the place of this one.');
    return result;
  };
}

async function setUp(parts: SnowflakeParts, dryRun: boolean, left: AbortSignal): Promise<SnowflakeSetup> {
  await parts.config.ready;
  const account = ownAccount(parts);
  if (account !== null) return parts.tools.setUp(account, dryRun, left);
  return parts.rest.ask('/api/snowflake/setup', SnowflakeSetup, { ...slow, body: { dryRun }, signal: left });
}
