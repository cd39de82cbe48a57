/** The sources of configuration as layers of text values, strongest first; a value keeps the name of where it came from. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';

/** Every setting once: its flag, its environment name; the settings file uses the key itself. */
export const settingNames = {
  host: { flag: 'host', env: 'AISM_HOST' },
  port: { flag: 'port', env: 'AISM_PORT' },
  allowHost: { flag: 'allow-host', env: 'AISM_ALLOW_HOST' },
  dataDir: { flag: 'data-dir', env: 'AISM_DATA_DIR' },
  logLevel: { flag: 'log-level', env: 'AISM_LOG_LEVEL' },
  tlsCert: { flag: 'tls-cert', env: 'AISM_TLS_CERT' },
  tlsKey: { flag: 'tls-key', env: 'AISM_TLS_KEY' },
  journalSync: { flag: 'journal-sync', env: 'AISM_JOURNAL_SYNC' },
  journalCapMb: { flag: 'journal-cap-mb', env: 'AISM_JOURNAL_CAP_MB' },
  keepDays: { flag: 'keep-days', env: 'AISM_KEEP_DAYS' },
  journalDurable: { flag: null, env: 'AISM_JOURNAL_DURABLE' },
  connectTimeoutMs: { flag: null, env: 'AISM_CONNECT_TIMEOUT_MS' },
  headersTimeoutMs: { flag: null, env: 'AISM_HEADERS_TIMEOUT_MS' },
  idleTimeoutMs: { flag: null, env: 'AISM_IDLE_TIMEOUT_MS' },
  streamUsage: { flag: 'stream-usage', env: 'AISM_STREAM_USAGE' },
  drainMs: { flag: 'drain-ms', env: 'AISM_DRAIN_MS' },
  userIds: { flag: 'user-ids', env: 'AISM_USER_IDS' },
  holdMs: { flag: null, env: 'AISM_HOLD_MS' },
  uiDir: { flag: 'ui-dir', env: 'AISM_UI_DIR' },
  demo: { flag: 'demo', env: 'AISM_DEMO' },
  localDays: { flag: 'local-days', env: 'AISM_LOCAL_DAYS' },
  snowflakeDays: { flag: 'snowflake-days', env: 'AISM_SNOWFLAKE_DAYS' },
  snowflakeIntervalMinutes: { flag: 'snowflake-interval-minutes', env: 'AISM_SNOWFLAKE_INTERVAL_MINUTES' },
  parentPipe: { flag: 'parent-pipe', env: null },
} as const satisfies Record<string, { flag: string | null; env: string | null }>;
export type SettingKey = keyof typeof settingNames;

export type FlagValue = string | boolean | readonly string[] | undefined;
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  /** Parsed command line, by flag name; a list for what may be repeated. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly env: Environment;
  /** A `.env` file; missing is fine. */
  readonly envFile?: string | undefined;
  /** A JSON settings file that the user named; missing is an error. */
  readonly settingsFile?: string | undefined;
  readonly defaults?: { readonly uiDir?: string | null };
}

export interface Found {
  readonly values: readonly string[];
  /** The name as the user wrote it, for example `--port` or `AISM_PORT`. */
  readonly name: string;
  /** For messages: `command line`, `environment`, the file's path. */
  readonly source: string;
}

export interface Layer {
  readonly source: string;
  setting(key: SettingKey): Found | null;
  upstreams(): readonly UpstreamText[];
  /** Seed names outside our own prefix (SNOWFLAKE_*); null where the layer has none. */
  foreign(name: string): Found | null;
}

/** `name=url` or `name:provider=url`, still unchecked. */
export interface UpstreamText {
  readonly spec: string;
  readonly name: string;
  readonly source: string;
}

export function readLayers(sources: ConfigSources): readonly Layer[] {
  return [
    flagLayer(sources.flags),
    environmentLayer(sources.env, 'environment'),
    ...(sources.envFile === undefined ? [] : [environmentLayer(readEnvFile(sources.envFile), sources.envFile)]),
    ...(sources.settingsFile === undefined ? [] : [settingsLayer(sources.settingsFile)]),
  ];
}

function flagLayer(flags: ConfigSources['flags']): Layer {
  const source = 'command line';
  return {
    source,
    setting(key) {
      const { flag } = settingNames[key];
      const value = flag === null ? undefined : flags[flag];
      return value === undefined ? null : { values: textsOf(value), name: `--${flag}`, source };
    },
    upstreams: () => textsOf(flags['upstream'] ?? []).map((spec) => ({ spec, name: '--upstream', source })),
    foreign: () => null,
  };
}

const textsOf = (value: Exclude<FlagValue, undefined>): readonly string[] =>
  typeof value === 'object' ? value : [String(value)];

const upstreamPrefix = 'AISM_UPSTREAM_';

function environmentLayer(env: Environment, source: string): Layer {
  const found = (name: string): Found | null => {
    const value = env[name];
    // An empty variable counts as not set: that is how shells and compose files unset one.
    return value === undefined || value === '' ? null : { values: [value], name, source };
  };
  return {
    source,
    setting(key) {
      const { env: name } = settingNames[key];
      const hit = name === null ? null : found(name);
      return hit !== null && key === 'allowHost'
        ? { ...hit, values: hit.values.flatMap((text) => text.split(',')) }
        : hit;
    },
    upstreams: () =>
      Object.keys(env)
        .filter((name) => name.startsWith(upstreamPrefix) && env[name] !== '')
        .map((name) => ({ spec: `${upstreamName(name)}=${env[name] ?? ''}`, name, source })),
    foreign: found,
  };
}

/** AISM_UPSTREAM_MY_LLM names the upstream `my-llm`: environment names know no dash. */
const upstreamName = (variable: string): string =>
  variable.slice(upstreamPrefix.length).toLowerCase().replaceAll('_', '-');

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new AppError('bad_config', `${path} cannot be read as an environment file.`, { field: path, cause: error });
  }
}

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const SettingsFile = z.strictObject({
  ...Object.fromEntries(
    Object.keys(settingNames).map((key) => [key, z.union([Scalar, z.array(z.string())]).optional()]),
  ),
  upstreams: z.record(z.string(), z.string()).optional(),
  snowflake: z.record(z.string(), z.string()).optional(),
});

function settingsLayer(path: string): Layer {
  const settings = parseSettings(path);
  const entry = (name: string, value: unknown): Found | null =>
    value === undefined
      ? null
      : { values: Array.isArray(value) ? value.map(String) : [String(value)], name, source: path };
  return {
    source: path,
    setting: (key) => entry(key, Reflect.get(settings, key)),
    upstreams: () =>
      Object.entries(settings.upstreams ?? {}).map(([name, url]) => ({
        spec: `${name}=${url}`,
        name: `upstreams.${name}`,
        source: path,
      })),
    foreign: (name) => entry(`snowflake.${name}`, settings.snowflake?.[name]),
  };
}

function parseSettings(path: string): z.output<typeof SettingsFile> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError('bad_config', `--config ${path} (command line) cannot be read: a JSON file is accepted.`, {
      field: '--config',
      cause: error,
    });
  }
  const parsed = SettingsFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '');
  throw new AppError(
    'bad_config',
    `"${field}" in ${path} is not accepted. Accepted: ${Object.keys(settingNames).join(', ')}, upstreams, snowflake.`,
    { field, cause: parsed.error },
  );
}
