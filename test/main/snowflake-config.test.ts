import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSecretBox, type SafeStorageLike } from '../../main/secrets.ts';
import { openSettings } from '../../main/settings.ts';
import { SnowflakeConfig } from '../../main/snowflake-config.ts';
import { takeSnowflakeNames } from '../../main/snowflake-environment.ts';
import { fakeKeyStore, withoutKeyring } from './fake-safe-storage.ts';
import { snowflakeForm } from './snowflake-form-example.ts';

const environment = {
  SNOWFLAKE_ACCOUNT: 'env-account',
  SNOWFLAKE_USER: 'ENV_USER',
  SNOWFLAKE_PASSWORD: 'CANARY-env',
  SNOWFLAKE_WAREHOUSE: 'W',
  SNOWFLAKE_DATABASE: 'D',
  SNOWFLAKE_SCHEMA: 'S',
};

let folder = '';
let logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-config-'));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Wishes {
  readonly env?: Record<string, string | undefined>;
  readonly storage?: SafeStorageLike;
}

async function open({ env = {}, storage = fakeKeyStore() }: Wishes = {}): Promise<SnowflakeConfig> {
  const note = (message: string): void => void logged.push(message);
  const config = new SnowflakeConfig({
    settings: await openSettings(join(folder, 'settings.json')),
    secretsFile: join(folder, 'secrets.json'),
    box: createSecretBox(storage, 'linux'),
    environment: takeSnowflakeNames({ ...env }),
    log: { info: note, warn: note, error: note },
  });
  await config.ready;
  return config;
}

const onDisk = async (): Promise<string> => {
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')))).join('\n');
};

describe('the Snowflake of the app', () => {
  test('is nothing at first: the gateway is told so, with the retention', async () => {
    const config = await open();
    expect(config.current()).toBeNull();
    expect(config.kept()).toEqual({ where: null, note: null });
    expect(config.message()).toEqual({
      kind: 'configure',
      snowflake: null,
      retention: { localDays: null, snowflakeDays: null },
    });
  });

  test('survives a restart, and its secrets are nowhere in clear', async () => {
    const config = await open();
    await config.save(snowflakeForm({ password: 'CANARY-password' }));
    await config.saveRetention({ localDays: 30, snowflakeDays: null });
    const again = await open();
    expect(again.current()).toMatchObject({ by: 'app', secrets: { password: 'CANARY-password' } });
    expect(again.message()).toEqual(config.message());
    expect(again.message()).toMatchObject({ retention: { localDays: 30 } });
    expect(await onDisk()).toContain('myorg-myaccount');
    expect(await onDisk()).not.toContain('CANARY');
    expect(logged.join('\n')).not.toContain('CANARY');
  });

  test('is what the environment says until own settings are saved, and again after they are forgotten', async () => {
    const config = await open({ env: environment });
    const changes: (string | undefined)[] = [];
    config.onChange(() => changes.push(config.current()?.settings.profile.account));
    expect(config.current()).toMatchObject({ by: 'environment', secrets: { password: 'CANARY-env' } });
    expect(config.message()?.snowflake?.secrets.password).toBe('CANARY-env');
    expect(await readdir(folder)).toEqual([]);

    await config.save(snowflakeForm({ password: 'CANARY-own' }));
    expect(config.current()).toMatchObject({ by: 'app', secrets: { password: 'CANARY-own' } });
    expect(config.kept()).toMatchObject({ where: 'keychain' });
    await config.forget();
    expect(config.current()?.by).toBe('environment');
    expect(changes).toEqual(['myorg-myaccount', 'env-account']);
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test('without a keyring lives in memory only: the next start has the settings and asks for the secret', async () => {
    const config = await open({ storage: withoutKeyring });
    await config.save(snowflakeForm({ password: 'CANARY-password' }));
    expect(config.kept()).toEqual({ where: 'memory', note: expect.stringContaining('No keyring is running') });
    expect(config.message()?.snowflake?.secrets.password).toBe('CANARY-password');
    expect(await onDisk()).not.toContain('CANARY');
    const again = await open({ storage: withoutKeyring });
    expect(again.current()).toMatchObject({ by: 'app', secrets: { password: null } });
    await expect(again.save(snowflakeForm({}))).rejects.toMatchObject({ field: 'secrets.password' });
  });

  test('an incomplete form changes nothing', async () => {
    const config = await open();
    await config.save(snowflakeForm({ password: 'CANARY-1' }));
    await expect(config.save(snowflakeForm({}, { authenticator: 'SNOWFLAKE_JWT' }))).rejects.toThrow('private key');
    expect(config.current()).toMatchObject({ secrets: { password: 'CANARY-1' } });
    expect((await open()).current()).toMatchObject({ settings: { profile: { authenticator: 'SNOWFLAKE' } } });
  });

  test('settings that cannot be saved are not used either', async () => {
    const config = await open();
    await mkdir(join(folder, 'settings.json')); // a rename over a folder fails
    await expect(config.save(snowflakeForm({ password: 'CANARY' }))).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(config.current()).toBeNull();
    await rm(join(folder, 'settings.json'), { recursive: true });
    await config.saveRetention({ localDays: 7, snowflakeDays: null });
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({ snowflake: null });
  });

  test('many saves at once end with settings and secrets of the last one', async () => {
    const config = await open();
    const saves = ['A', 'B', 'C', 'D'].map((name) =>
      config.save(snowflakeForm({ password: `CANARY-${name}` }, { account: `account-${name}` })),
    );
    await Promise.all(saves);
    expect((await open()).current()).toMatchObject({
      settings: { profile: { account: 'account-D' } },
      secrets: { password: 'CANARY-D' },
    });
  });

  test('an unusable environment is told, and nothing is configured by it', async () => {
    const config = await open({ env: { ...environment, SNOWFLAKE_SCHEMA: 'no identifier!' } });
    expect(config.current()).toBeNull();
    expect(config.problem()).toContain('SNOWFLAKE_SCHEMA in the environment');
    expect(logged.join('\n')).toContain('SNOWFLAKE_SCHEMA');
    expect(logged.join('\n')).not.toContain('CANARY');
  });

  test('a damaged secrets file is set aside by name, and the settings ask for the secret again', async () => {
    await (await open()).save(snowflakeForm({ password: 'CANARY' }));
    await writeFile(join(folder, 'secrets.json'), '{ half');
    const config = await open();
    expect(config.setAside()).toMatch(/^secrets\.damaged-.*\.json$/);
    expect(config.current()).toMatchObject({ secrets: { password: null } });
  });

  test('a secrets file that cannot be read is told, and the app starts', async () => {
    await mkdir(join(folder, 'secrets.json'));
    const config = await open();
    expect(config.current()).toBeNull();
    expect(logged.join('\n')).toContain('SecretsNotOpened The saved secrets cannot be read');
  });
});
