/**
 * The server as a process of its own, for tests that stop it in its tracks (SIGSTOP) or kill it:
 *
 *   node main.ts --credentials FILE [--database FILE] [--port N] [--settings JSON]
 *
 * The first line on stdout is `{"ready":true,"url":…,"port":…,"pid":…}`. FILE gets `{ profile, secrets, plainPrivateKey }` of the standard account,
 * readable by its owner only; when it is there already, its secrets stay good. With a database file the data outlives the process.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SnowflakeSecrets } from '../../../contract/snowflake.ts';
import { isRecord } from './protocol.ts';
import { startSnowflakeServer } from './server.ts';
import { createStandardAccount } from './standard-account.ts';

const { values } = parseArgs({
  options: {
    credentials: { type: 'string' },
    database: { type: 'string' },
    port: { type: 'string', default: '0' },
    settings: { type: 'string', default: '{}' },
  },
});
const file = values.credentials ?? 'credentials.json';
const settings: unknown = JSON.parse(values.settings);

const server = await startSnowflakeServer({
  ...(isRecord(settings) ? settings : {}),
  port: Number(values.port),
  databaseFile: values.database ?? null,
});
const account = await createStandardAccount(server, await earlierSecrets());
const credentials = { profile: account.profile, secrets: account.secrets, plainPrivateKey: account.plainPrivateKey };
await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
process.stdout.write(`${JSON.stringify({ ready: true, url: server.url, port: server.port, pid: process.pid })}\n`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));

async function earlierSecrets() {
  const known: unknown = await readFile(file, 'utf8').then(JSON.parse, () => null);
  if (!isRecord(known) || typeof known['plainPrivateKey'] !== 'string') return null;
  return { secrets: SnowflakeSecrets.parse(known['secrets']), plainPrivateKey: known['plainPrivateKey'] };
}
