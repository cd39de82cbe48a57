import { describe, expect, test } from 'vitest';
import { type SnowflakeState, snowflakeOff } from '../../contract/snowflake.ts';
import type { ConfiguredSnowflake } from '../../main/snowflake-config.ts';
import { accountOf } from '../../main/snowflake-form.ts';
import { snowflakeState, type StateSources } from '../../main/snowflake-state.ts';
import { snowflakeForm } from './snowflake-form-example.ts';

const account = accountOf(snowflakeForm({ password: 'CANARY' }), null);
const health = { ...snowflakeOff('All rows delivered', 'myorg-myaccount'), state: 'ok' as const };
const gateway: SnowflakeState = {
  settings: account.settings,
  configuredBy: 'environment',
  secretsKnown: ['password'],
  secretsKept: null,
  keptNote: null,
  editable: false,
  editNote: 'from the gateway',
  health,
};
const config = (current: ConfiguredSnowflake | null, problem: string | null = null): StateSources['config'] => ({
  current: () => current,
  kept: () => ({ where: current?.by === 'app' ? 'memory' : null, note: current?.by === 'app' ? 'No keyring' : null }),
  problem: () => problem,
});

describe('the Snowflake state of the app', () => {
  test('is its own settings with the health of its gateway, names of secrets and never a value', () => {
    const state = snowflakeState({ config: config({ ...account, by: 'app' }), foreign: null, gateway });
    expect(state).toEqual({
      settings: account.settings,
      configuredBy: 'app',
      secretsKnown: ['password'],
      secretsKept: 'memory',
      keptNote: 'No keyring',
      editable: true,
      editNote: null,
      health,
    });
    expect(JSON.stringify(state)).not.toContain('CANARY');
  });

  test('says when the settings come from the environment, and that own ones go before them', () => {
    const state = snowflakeState({ config: config({ ...account, by: 'environment' }), foreign: null, gateway });
    expect(state).toMatchObject({ configuredBy: 'environment', editable: true, secretsKept: null });
    expect(state.editNote).toContain('SNOWFLAKE_*');
  });

  test('tells what is wrong with the environment when nothing else is configured', () => {
    const nothing = { ...gateway, settings: null, configuredBy: null };
    const problem = 'SNOWFLAKE_WAREHOUSE in the environment: Required';
    const state = snowflakeState({ config: config(null, problem), foreign: null, gateway: nothing });
    expect(state).toMatchObject({ settings: null, editable: true, editNote: problem });
  });

  test('shows what the gateway reads from its .env file, editable', () => {
    const state = snowflakeState({ config: config(null), foreign: null, gateway });
    expect(state).toMatchObject({ settings: account.settings, configuredBy: 'environment', editable: true });
    expect(state.editNote).toContain('.env');
  });

  test('of a gateway of another program is that gateway’s, and cannot be edited', () => {
    const state = snowflakeState({ config: config({ ...account, by: 'app' }), foreign: 'Started elsewhere.', gateway });
    expect(state).toMatchObject({ configuredBy: 'environment', editable: false, editNote: 'Started elsewhere.' });
  });

  test('without an answer of the gateway is down with the reason when configured, else off', () => {
    const why = 'The gateway is not running.';
    const own = snowflakeState({ config: config({ ...account, by: 'app' }), foreign: null, gateway: why });
    expect(own.health).toMatchObject({ state: 'down', detail: why, account: 'myorg-myaccount' });
    const none = snowflakeState({ config: config(null), foreign: null, gateway: why });
    expect(none).toMatchObject({ settings: null, health: { state: 'off', detail: why } });
  });
});
