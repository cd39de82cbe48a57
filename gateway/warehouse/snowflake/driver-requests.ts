/**
 * Every HTTP request of the driver passes here, so that timing is ours. By its own options the driver cannot be kept from sending a request
 * again for minutes, even after its connection was destroyed (SNOWFLAKE.md, driver behaviour 1 and 3): `sfRetryMaxNumRetries` and
 * `snowflakeRetryConfig` are dropped on the way. So its private HTTP client gets two interceptors: no repetition, no telemetry, and an end
 * when the signal of the work that caused the request says so. That work is found by AsyncLocalStorage, which follows the driver's callbacks.
 * Large bodies are compressed on the way (request-body.ts).
 *
 * The price is one private path of a pinned version (driver.ts); the tests of statements and of isolation fail when the driver changes under it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { compressed, stopCompressing } from './request-body.ts';

/** What a piece of work knows about its requests. */
export interface RequestScope {
  /** Ends the requests at once; the driver then tells its caller of a network error. */
  readonly signal: AbortSignal;
  /** The `Date` of the newest answer and our clock when it arrived, in epoch ms. */
  readonly onServerDate?: (serverMs: number, ownMs: number) => void;
}

export interface DriverRequestConfig {
  url?: string;
  /** JSON bodies are still objects here, forms are text. */
  data?: unknown;
  headers: { set(name: string, value: string): unknown };
  signal?: AbortSignal;
  useSnowflakeRetryMiddleware?: boolean;
}

interface DriverResponse {
  readonly headers?: { readonly date?: unknown };
}

/** What a request that did not get 2xx fails with. */
interface DriverRefusal {
  readonly response?: { readonly status?: number };
  readonly config?: DriverRequestConfig;
}

/** As much of axios as is used here. */
export interface DriverAxios {
  readonly interceptors: {
    readonly request: { use(onRequest: (config: DriverRequestConfig) => DriverRequestConfig): unknown };
    readonly response: {
      use(
        onResponse: (response: DriverResponse) => DriverResponse,
        onError: (error: DriverRefusal) => unknown,
      ): unknown;
    };
  };
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Whatever requests `work` causes belong to `scope`. */
export function withRequests<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

export function ownRequests(axios: DriverAxios): void {
  axios.interceptors.request.use(ownRequest);
  axios.interceptors.response.use(ownResponse, ownRefusal);
}

function ownRequest(config: DriverRequestConfig): DriverRequestConfig {
  if (config.url !== undefined && new URL(config.url).pathname === '/telemetry/send') {
    throw new Error('Telemetry is off'); // the driver takes it as a failed request and forgets it
  }
  config.useSnowflakeRetryMiddleware = false;
  compress(config);
  const scope = scopes.getStore();
  if (scope === undefined) return config;
  config.signal = config.signal === undefined ? scope.signal : AbortSignal.any([config.signal, scope.signal]);
  return config;
}

/** A body that the driver sends again (with a renewed session token, say) comes here anew, as an object. */
function compress(config: DriverRequestConfig): void {
  const { data } = config;
  if (typeof data !== 'object' || data === null || Object.getPrototypeOf(data) !== Object.prototype) return;
  const body = compressed(JSON.stringify(data));
  if (body === null) return;
  config.data = body;
  config.headers.set('Content-Type', 'application/json');
  config.headers.set('Content-Encoding', 'gzip');
}

const unsupportedMediaType = 415;

/** The statement has not run; whoever sends it again does so uncompressed, and in smaller batches (request-body.ts). */
function ownRefusal(error: DriverRefusal): Promise<never> {
  if (error.response?.status === unsupportedMediaType && Buffer.isBuffer(error.config?.data)) stopCompressing();
  return Promise.reject(error);
}

function ownResponse(response: DriverResponse): DriverResponse {
  const date = response.headers?.date;
  const serverMs = typeof date === 'string' ? Date.parse(date) : NaN;
  if (!Number.isNaN(serverMs)) scopes.getStore()?.onServerDate?.(serverMs, Date.now());
  return response;
}
