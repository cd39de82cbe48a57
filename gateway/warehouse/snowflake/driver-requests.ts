/**
 * Every HTTP request of the driver passes here, so that timing is ours. By its own options the driver cannot be kept from sending a request
 * again for minutes, even after its connection was destroyed (SNOWFLAKE.md, driver behaviour 1 and 3): `sfRetryMaxNumRetries` and
 * `snowflakeRetryConfig` are dropped on the way. So its private HTTP client gets two interceptors: no repetition, no telemetry, and an end
 * when the signal of the work that caused the request says so. That work is found by AsyncLocalStorage, which follows the driver's callbacks.
 *
 * The price is one private path of a pinned version (driver.ts); the tests of statements and of isolation fail when the driver changes under it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What a piece of work knows about its requests. */
export interface RequestScope {
  /** Ends the requests at once; the driver then tells its caller of a network error. */
  readonly signal: AbortSignal;
  /** The `Date` of the newest answer and our clock when it arrived, in epoch ms. */
  readonly onServerDate?: (serverMs: number, ownMs: number) => void;
}

export interface DriverRequestConfig {
  url?: string;
  signal?: AbortSignal;
  useSnowflakeRetryMiddleware?: boolean;
}

interface DriverResponse {
  readonly headers?: { readonly date?: unknown };
}

/** As much of axios as is used here. */
export interface DriverAxios {
  readonly interceptors: {
    readonly request: { use(onRequest: (config: DriverRequestConfig) => DriverRequestConfig): unknown };
    readonly response: { use(onResponse: (response: DriverResponse) => DriverResponse): unknown };
  };
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Whatever requests `work` causes belong to `scope`. */
export function withRequests<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

export function ownRequests(axios: DriverAxios): void {
  axios.interceptors.request.use(ownRequest);
  axios.interceptors.response.use(ownResponse);
}

function ownRequest(config: DriverRequestConfig): DriverRequestConfig {
  if (config.url !== undefined && new URL(config.url).pathname === '/telemetry/send') {
    throw new Error('Telemetry is off'); // the driver takes it as a failed request and forgets it
  }
  config.useSnowflakeRetryMiddleware = false;
  const scope = scopes.getStore();
  if (scope === undefined) return config;
  config.signal = config.signal === undefined ? scope.signal : AbortSignal.any([config.signal, scope.signal]);
  return config;
}

function ownResponse(response: DriverResponse): DriverResponse {
  const date = response.headers?.date;
  const serverMs = typeof date === 'string' ? Date.parse(date) : NaN;
  if (!Number.isNaN(serverMs)) scopes.getStore()?.onServerDate?.(serverMs, Date.now());
  return response;
}
