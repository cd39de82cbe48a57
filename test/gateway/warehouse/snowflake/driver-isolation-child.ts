/**
 * A process that uses Snowflake once and tells what that did to it: run by driver-isolation.test.ts with a home, a working directory and a
 * temporary directory of its own. The access comes as JSON on stdin, the findings go as JSON to stdout.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SnowflakeProfile, SnowflakeSecrets } from '../../../../contract/snowflake.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { openSnowflakeWarehouse } from '../../../../gateway/warehouse/snowflake/snowflake-warehouse.ts';

export interface Findings {
  readonly loadedBefore: boolean;
  readonly addresses: readonly string[];
  readonly nativeModules: readonly string[];
  readonly home: string | null;
}

const addresses = new Set<string>();
subscribe('net.client.socket', (message) => {
  const socket = typeof message === 'object' && message !== null && 'socket' in message ? message.socket : null;
  if (!(socket instanceof Socket)) return;
  socket.on('connectionAttempt', (ip: string) => addresses.add(ip));
  socket.on('lookup', (_error: unknown, _address: unknown, _family: unknown, host: string) => addresses.add(host));
});

const modules = createRequire(import.meta.url).cache;
const driverIsLoaded = () => Object.keys(modules).some((path) => path.includes('snowflake-sdk'));

const { profile, secrets } = JSON.parse(await text(process.stdin));
const access = { profile: SnowflakeProfile.parse(profile), secrets: () => SnowflakeSecrets.parse(secrets) };
await openSnowflakeWarehouse(access).close();
const loadedBefore = driverIsLoaded();

const session = await openSession(access);
// A number too large for the driver would make it report that to Snowflake.
await session.execute({
  sql: "SELECT '12345678901234567890'::NUMBER(38,0)::VARCHAR AS big, 1e300::FLOAT AS huge",
  tag: 'test',
});
await session.close();
await new Promise((resolve) => setTimeout(resolve, 500)); // whatever the driver does on its own, it does at once

const findings: Findings = {
  loadedBefore,
  addresses: [...addresses],
  nativeModules: sharedObjects().filter((path) => path.endsWith('.node')),
  home: process.env['HOME'] ?? null,
};
process.stdout.write(JSON.stringify(findings));

function sharedObjects(): string[] {
  const report: unknown = process.report.getReport();
  const listed = typeof report === 'object' && report !== null && 'sharedObjects' in report ? report.sharedObjects : [];
  return Array.isArray(listed) ? listed.map(String) : [];
}
