/** What the settings screen shows of Snowflake, out of what the app knows and what its gateway says. Pure. */
import { snowflakeOff, type SnowflakeHealth, type SnowflakeState } from '../contract/snowflake.ts';
import { secretNames } from './secret-vault.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';

export interface StateSources {
  readonly config: Pick<SnowflakeConfig, 'current' | 'kept' | 'problem'>;
  /** Why the gateway's settings are not ours to change; null when they are. */
  readonly foreign: string | null;
  /** What the gateway itself says, or why it says nothing, in plain words. */
  readonly gateway: SnowflakeState | string;
}

export function snowflakeState({ config, foreign, gateway }: StateSources): SnowflakeState {
  if (foreign !== null) return { ...gatewayState(gateway), editable: false, editNote: foreign };
  const current = config.current();
  if (current === null) return { ...gatewayState(gateway), editable: true, editNote: elsewhereNote(config, gateway) };
  const { settings, secrets, by } = current;
  const { where, note } = config.kept();
  return {
    settings,
    configuredBy: by,
    secretsKnown: secretNames.filter((name) => secrets[name] !== null),
    secretsKept: where,
    keptNote: note,
    editable: true,
    editNote: by === 'environment' ? fromEnvironment : null,
    health: typeof gateway === 'string' ? unknownHealth(gateway, settings.profile.account) : gateway.health,
  };
}

const fromEnvironment =
  'These settings come from the SNOWFLAKE_* variables this app was started with. What you save here goes before them.';
const fromEnvFile =
  'These settings come from the .env file of the gateway. What you save here goes before them; testing and setup use them as they are.';

function elsewhereNote(config: StateSources['config'], gateway: StateSources['gateway']): string | null {
  const byFile = typeof gateway !== 'string' && gateway.settings !== null;
  return config.problem() ?? (byFile ? fromEnvFile : null);
}

function gatewayState(gateway: StateSources['gateway']): SnowflakeState {
  if (typeof gateway !== 'string') return gateway;
  return {
    settings: null,
    configuredBy: null,
    secretsKnown: [],
    secretsKept: null,
    keptNote: null,
    editable: true,
    editNote: null,
    health: snowflakeOff(gateway),
  };
}

/** Configured, and nobody there to deliver. */
const unknownHealth = (why: string, account: string): SnowflakeHealth => ({
  ...snowflakeOff(why, account),
  state: 'down',
});
