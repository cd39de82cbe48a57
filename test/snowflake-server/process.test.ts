import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SnowflakeSecrets } from '../../contract/snowflake.ts';
import {
  startSnowflakeProcess,
  type ProcessOptions,
  type SnowflakeProcess,
} from '../helpers/snowflake-server/server-process.ts';
import { startSnowflakeServer } from '../helpers/snowflake-server/server.ts';
import { createStandardAccount } from '../helpers/snowflake-server/standard-account.ts';
import { connect, refusalOf, run, type Connection } from './driver.ts';

async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'snowflake-server-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function start(options: ProcessOptions): Promise<SnowflakeProcess> {
  const started = await startSnowflakeProcess(options);
  onTestFinished(() => started.kill());
  return started;
}

const login = ({ profile, secrets }: SnowflakeProcess): Promise<Connection> =>
  connect({ ...profile, authenticator: 'SNOWFLAKE' }, SnowflakeSecrets.parse({ password: secrets.password }), {
    timeout: 1_000,
  });

it('keeps tables, owners and rows in a file, for the next server on it', async () => {
  const databaseFile = join(await emptyFolder(), 'account.duckdb');
  const first = await startSnowflakeServer({ databaseFile });
  const standard = await createStandardAccount(first);
  const before = await connect(standard.profileFor('SNOWFLAKE'), standard.secretsFor('SNOWFLAKE'));
  await run(before, 'CREATE TABLE T (I NUMBER, V VARIANT)');
  await run(before, 'INSERT INTO T (I) VALUES (1)');
  await run(before, 'BEGIN');
  await run(before, 'INSERT INTO T (I) VALUES (2)');
  await first.stop();
  const second = await startSnowflakeServer({ databaseFile, port: first.port });
  onTestFinished(() => second.stop());
  const again = await createStandardAccount(second, standard);
  expect(again.profile).toEqual(standard.profile);
  const after = await connect(standard.profileFor('SNOWFLAKE'), standard.secretsFor('SNOWFLAKE'));
  expect((await run(after, 'SELECT * FROM T')).rows).toEqual([{ I: 1, V: null }]);
  await run(after, 'DROP TABLE T');
});

it('loses nothing committed when its process is killed, and takes the same credentials afterwards', async () => {
  const folder = await emptyFolder();
  const first = await start({ folder });
  expect((await stat(join(folder, 'credentials.json'))).mode & 0o777).toBe(0o600);
  const before = await login(first);
  await run(before, 'CREATE TABLE T (I NUMBER)');
  await run(before, 'INSERT INTO T VALUES (1)');
  await run(before, 'BEGIN');
  await run(before, 'INSERT INTO T VALUES (2)');
  await first.kill();
  const second = await start({ folder, port: first.port });
  expect(second.secrets).toEqual(first.secrets);
  const after = await login(second);
  expect((await run(after, 'SELECT I FROM T')).rows).toEqual([{ I: 1 }]);
});

it('is a black hole while its process is frozen', async () => {
  const frozen = await start({ folder: await emptyFolder() });
  const connection = await login(frozen);
  frozen.freeze();
  expect(await refusalOf(login(frozen))).toMatchObject({ code: 401001 });
  frozen.goOn();
  expect((await run(connection, 'SELECT 1 AS N')).rows).toEqual([{ N: 1 }]);
});
