/**
 * Snowflake and retention over REST. A page in a browser may look, test, set up and send, but never change settings: they live where the
 * gateway runs, and a secret never crosses this way.
 */
import type { Answer, Failure } from '../../contract/errors.ts';
import type { AskInput, AskName, AskOutput } from '../../contract/ipc.ts';
import {
  Fleet,
  RetentionPreview,
  RetentionResult,
  RetentionState,
  SnowflakeHealth,
  SnowflakeSetup,
  SnowflakeState,
  SnowflakeTest,
} from '../../contract/snowflake.ts';
import { requestJson } from './rest.ts';

type SnowflakeAsk =
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
  | 'confirmClock';
type SnowflakeHandlers = {
  readonly [K in SnowflakeAsk & AskName]: (input: AskInput<K>) => Promise<Answer<AskOutput<K>>>;
};

/** A warehouse that sleeps takes seconds to wake, and a delete or a batch may take its two minutes. */
const slowMs = 150_000;

const settingsElsewhere =
  'A browser cannot change the Snowflake settings. Set the SNOWFLAKE_* variables where the gateway runs (its environment or .env), or use the desktop app';
const formElsewhere =
  'A browser can test only what is configured. Set the SNOWFLAKE_* variables where the gateway runs, or try other settings in the desktop app';
const retentionElsewhere =
  'A browser cannot keep a retention. Set it where the gateway runs (its environment or .env), or use the desktop app; old calls can be deleted once from here';

export function snowflakeHandlers(fetcher: typeof fetch): SnowflakeHandlers {
  return {
    snowflakeState: () => requestJson(fetcher, { path: '/api/snowflake', schema: SnowflakeState }),
    testSnowflake: (form) =>
      form === null
        ? requestJson(fetcher, { path: '/api/snowflake/test', schema: SnowflakeTest, post: {}, timeoutMs: slowMs })
        : notHere(formElsewhere),
    saveSnowflake: () => notHere(settingsElsewhere),
    forgetSnowflake: () => notHere(settingsElsewhere),
    setupSnowflake: (input) =>
      requestJson(fetcher, {
        path: '/api/snowflake/setup',
        schema: SnowflakeSetup,
        post: input,
        timeoutMs: slowMs,
      }),
    syncSnowflake: () =>
      requestJson(fetcher, { path: '/api/snowflake/sync', schema: SnowflakeHealth, post: {}, timeoutMs: slowMs }),
    snowflakeFleet: () => requestJson(fetcher, { path: '/api/snowflake/fleet', schema: Fleet, timeoutMs: slowMs }),
    retentionState: () => requestJson(fetcher, { path: '/api/retention', schema: RetentionState }),
    saveRetention: () => notHere(retentionElsewhere),
    previewRetention: (input) =>
      requestJson(fetcher, {
        path: '/api/retention/preview',
        schema: RetentionPreview,
        post: input,
        timeoutMs: slowMs,
      }),
    applyRetention: (input) =>
      requestJson(fetcher, { path: '/api/retention/apply', schema: RetentionResult, post: input, timeoutMs: slowMs }),
    confirmClock: () =>
      requestJson(fetcher, { path: '/api/retention/confirm-clock', schema: RetentionState, post: {} }),
  };
}

function notHere(message: string): Promise<Failure> {
  return Promise.resolve({ ok: false, code: 'not_supported_here', message });
}
