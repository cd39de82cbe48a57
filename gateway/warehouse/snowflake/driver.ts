/**
 * The one door to snowflake-sdk. Nothing of it is loaded before the first session: loading takes half a second, and by itself the driver
 * - asks 169.254.169.254, metadata.google.internal and AWS which cloud it runs in (when it is loaded) and tells Snowflake about the host,
 * - loads a native module (Electron's main process uses this code too, and must load none),
 * - writes snowflake.log into the working directory, a cache below the home directory, and login tokens into a file.
 * All of that is switched off here; switches that the user's environment sets on purpose are left alone where they are not harmful.
 */
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type * as sdk from 'snowflake-sdk';
import { ownRequests, type DriverAxios } from './driver-requests.ts';

export type SnowflakeDriver = typeof sdk;

/** Below the null device: can never exist, so nothing is found there and nothing can be written there, on any system. */
const nowhere = join(devNull, 'none');

let loaded: SnowflakeDriver | null = null;

/** Synchronous, as the driver is CommonJS; once a process, because its configuration is the process's. */
export function loadDriver(): SnowflakeDriver {
  loaded ??= load();
  return loaded;
}

function load(): SnowflakeDriver {
  quietEnvironment(process.env);
  const require = createRequire(import.meta.url);
  // The untyped door: `require` tells no types. The first is what the package declares; the second is the driver's own HTTP client.
  const driver: SnowflakeDriver = withoutHome(process.env, () => require('snowflake-sdk'));
  const { default: axios }: { readonly default: DriverAxios } = require('snowflake-sdk/dist/lib/http/axios_instance');
  driver.configure({
    logLevel: 'OFF',
    additionalLogToConsole: false,
    customLogger: silentLogger, // with one, the file logger is never made
    customCredentialManager: new MemoryCredentials(),
  });
  ownRequests(axios);
  return driver;
}

/** Read by the driver while it is loaded, or at every login. */
function quietEnvironment(environment: NodeJS.ProcessEnv): void {
  environment['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true';
  environment['SNOWFLAKE_DISABLE_MINICORE'] = 'true';
  environment['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] = '1';
  delete environment['SF_CLIENT_CONFIG_FILE'];
  // Revocation answers then stay in memory; the directory is made when the driver is loaded, whether it is used or not.
  environment['SF_OCSP_RESPONSE_CACHE_DIR'] ??= nowhere;
}

/**
 * While it is loaded the driver notes where home is, looks there for sf_client_config.json at the first login, and then logs as that file
 * says. No option turns this off: a path of our own must exist, and be owned by whoever runs us.
 */
function withoutHome<T>(environment: NodeJS.ProcessEnv, work: () => T): T {
  const name = process.platform === 'win32' ? 'USERPROFILE' : 'HOME';
  const home = environment[name];
  environment[name] = nowhere;
  try {
    return work();
  } finally {
    if (home === undefined) delete environment[name];
    else environment[name] = home;
  }
}

const ignore = () => undefined;
const silentLogger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

/** Browser logins are remembered by the process, so that a pool opens one window and not four, and by nothing that outlives it. */
class MemoryCredentials {
  readonly #tokens = new Map<string, string>();

  write = async (key: string, token: string): Promise<void> => {
    this.#tokens.set(key, token);
  };

  read = async (key: string): Promise<string | null> => this.#tokens.get(key) ?? null;

  remove = async (key: string): Promise<void> => {
    this.#tokens.delete(key);
  };
}
