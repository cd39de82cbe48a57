import type { Provider } from '../contract/usage-record.ts';

/** An API that the gateway stands in front of. Comes from configuration only, never from a request (LiteLLM CVE-2024-6587). */
export interface Upstream {
  readonly name: string; // the path prefix: /<name>/…
  readonly provider: Provider;
  readonly origin: URL; // scheme, host, port and an optional base path
}

/** The one frozen configuration object of a gateway (DESIGN §9). */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number; // 0 = any free port
  readonly dataDir: string;
  readonly upstreams: readonly Upstream[];
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
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
    readonly holdMs: number; // longest wait for the journal before the last byte is released (P2)
  };
  readonly uiDir: string | null; // built renderer bundle served at /ui/
  readonly demo: boolean; // start sample traffic at once
}
