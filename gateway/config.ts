/**
 * The one frozen configuration object of a gateway (DESIGN §9). Sources, strongest first: flags, environment, `.env`, settings file,
 * defaults. A bad value stops the start and names itself, its source and what is accepted. Nothing else reads the environment.
 */
import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { UserIdPolicy } from '../contract/app-settings.ts';
import { Retention } from '../contract/snowflake.ts';
import { isLoopback } from '../contract/upstreams.ts';
import type { Provider } from '../contract/usage-record.ts';
import { readLayers, type ConfigSources } from './config-layers.ts';
import { reader, type Reader } from './config-values.ts';
import { platformDataDir } from './data-dir.ts';
import { readSnowflake, type SnowflakeConfig } from './config-snowflake.ts';
import { readUpstreams } from './config-upstreams.ts';

/** An API that the gateway stands in front of. Comes from configuration only, never from a request (LiteLLM CVE-2024-6587). */
export interface Upstream {
  readonly name: string; // the path prefix: /<name>/…
  readonly provider: Provider;
  readonly origin: URL; // scheme, host, port and an optional base path
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export interface GatewayConfig {
  readonly host: string;
  readonly port: number; // 0 = any free port
  readonly allowedHosts: readonly string[]; // further names of the Host header, for a gateway that others reach by name
  readonly dataDir: string;
  readonly upstreams: readonly Upstream[];
  readonly logLevel: (typeof logLevels)[number];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly journal: {
    readonly synchronous: 'FULL' | 'NORMAL';
    readonly capBytes: number;
    readonly keepDays: number; // rebuild window of DuckDB
    readonly durable: boolean; // false only for the test that proves the journal's protection matters
  };
  readonly proxy: {
    readonly connectTimeoutMs: number;
    readonly headersTimeoutMs: number; // until the upstream's response head
    readonly idleTimeoutMs: number; // between two chunks of a response
    readonly includeStreamUsage: boolean; // ask OpenAI for stream usage and remove the extra chunk again
    readonly drainMs: number; // reading on after the client left, to learn the usage; 0 = not at all
    readonly holdMs: number; // longest wait for the journal before the last byte is released (P2)
  };
  readonly userIds: UserIdPolicy; // how user names of calls are kept
  readonly uiDir: string | null; // built renderer bundle served at /ui/
  readonly demo: boolean; // start sample traffic at once
  readonly parentPipe: boolean; // stop when stdin closes: the desktop app that started the gateway is gone
  readonly snowflake: SnowflakeConfig | null;
  readonly retention: Retention; // null = for ever
}

export const defaultHost = '127.0.0.1';
export const defaultPort = 8787;
const dayMs = 86_400_000;

/**
 * @param sources where values come from; `defaults` are those of the build (where its user interface lies)
 * @throws AppError `bad_config` whose `field` is the option at fault
 */
export function loadConfig(sources: ConfigSources): GatewayConfig {
  const layers = readLayers(sources);
  const read = reader(layers);
  const host = read.text('host', defaultHost, 'an IP address or a host name', isHost);
  const config: GatewayConfig = {
    host,
    port: read.whole('port', defaultPort, 0, 65_535),
    allowedHosts: read.list(
      'allowHost',
      'a host name or IP address, with :PORT where clients see another port',
      isHostWithPort,
    ),
    dataDir: resolve(read.text('dataDir', platformDataDir(sources.env), 'a path', isPath)),
    upstreams: readUpstreams(layers),
    logLevel: read.choice('logLevel', 'info', logLevels),
    tls: readTls(read, host),
    journal: readJournal(read),
    proxy: readProxy(read),
    userIds: read.choice('userIds', 'plain', UserIdPolicy.options),
    uiDir: read.optionalText('uiDir', 'a path', isPath) ?? sources.defaults?.uiDir ?? null,
    demo: read.flag('demo', false),
    parentPipe: read.flag('parentPipe', false),
    snowflake: readSnowflake(layers, readDelivery(read)),
    retention: Retention.parse({
      localDays: read.optionalWhole('localDays', 1, 3650),
      snowflakeDays: read.optionalWhole('snowflakeDays', 1, 3650),
    }),
  };
  return deepFreeze(config);
}

function readJournal(read: Reader): GatewayConfig['journal'] {
  return {
    synchronous: read.choice('journalSync', 'FULL', ['FULL', 'NORMAL']),
    capBytes: read.whole('journalCapMb', 2048, 1, 1_000_000) * 1024 * 1024,
    keepDays: read.whole('keepDays', 90, 1, 3650),
    durable: read.flag('journalDurable', true),
  };
}

function readDelivery(read: Reader): { readonly intervalMinutes?: number } {
  const intervalMinutes = read.optionalWhole('snowflakeIntervalMinutes', 1, 60);
  return intervalMinutes === null ? {} : { intervalMinutes };
}

function readProxy(read: Reader): GatewayConfig['proxy'] {
  return {
    connectTimeoutMs: read.whole('connectTimeoutMs', 10_000, 1, dayMs),
    headersTimeoutMs: read.whole('headersTimeoutMs', 600_000, 1, dayMs),
    idleTimeoutMs: read.whole('idleTimeoutMs', 600_000, 1, dayMs),
    includeStreamUsage: read.flag('streamUsage', true),
    drainMs: read.whole('drainMs', 0, 0, 60_000),
    holdMs: read.whole('holdMs', 50, 0, 1000),
  };
}

/** Beyond this machine only with TLS: the token and the users' provider keys would otherwise cross the network in clear text. */
function readTls(read: Reader, host: string): GatewayConfig['tls'] {
  const certFile = readableFile(read, 'tlsCert');
  const keyFile = readableFile(read, 'tlsKey');
  if (certFile !== null && keyFile !== null) return { certFile, keyFile };
  if (certFile !== null || keyFile !== null) {
    const field = certFile === null ? '--tls-cert' : '--tls-key';
    throw new AppError('bad_config', `${field} is missing: TLS needs --tls-cert and --tls-key together.`, { field });
  }
  if (isLoopback(host)) return null;
  throw new AppError(
    'bad_config',
    `--host ${host} would be reachable from other machines: that needs --tls-cert and --tls-key. Accepted without them: 127.0.0.1, ::1, localhost.`,
    { field: '--host' },
  );
}

function readableFile(read: Reader, key: 'tlsCert' | 'tlsKey'): string | null {
  const path = read.optionalText(key, 'the path of a readable PEM file', isReadable);
  return path === null ? null : resolve(path);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The addresses behind `host`, spelled as a Host header does. For a wildcard those of every network card: an address in a Host header
 * cannot be rebound by a foreign name server, a name can, so names have to be configured.
 */
export function ownAddresses(host: string): readonly string[] {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const addresses = isWildcard
    ? Object.values(networkInterfaces()).flatMap((card) => card?.map(({ address }) => address) ?? [])
    : [host];
  return addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address));
}

const isHost = (text: string): boolean => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text);

/** `aism.example`, `aism.example:443`, `[::1]:9000`. */
function isHostWithPort(text: string): boolean {
  const { host, port } =
    /^(?<host>.+?)(?::(?<port>\d{1,5}))?$/.exec(isIP(text) === 6 ? `[${text}]` : text)?.groups ?? {};
  const bare = host?.replace(/^\[(.+)\]$/, '$1') ?? '';
  return isHost(bare) && (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535));
}

const isPath = (text: string): boolean => text.trim() !== '' && !text.includes('\0');

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof URL)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** Where the data directory keeps what (DESIGN §8). */
export function dataFiles(dataDir: string) {
  return {
    gateway: join(dataDir, 'gateway.json'),
    token: join(dataDir, 'control.token'),
    install: join(dataDir, 'install.json'),
    prices: join(dataDir, 'prices.json'),
    repriced: join(dataDir, 'repriced.json'),
    thresholds: join(dataDir, 'thresholds.json'),
    alerts: join(dataDir, 'alerts.json'),
    clock: join(dataDir, 'clock.json'),
    warehouse: join(dataDir, 'warehouse.duckdb'),
    logs: join(dataDir, 'logs'),
  } as const;
}
