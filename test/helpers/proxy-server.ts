/** A real HTTP server around the proxy, with an observer that writes down what it was told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayConfig, Upstream } from '../../gateway/config.ts';
import type {
  ExchangeEnd,
  ExchangeObserver,
  ExchangeTimes,
  OpenExchange,
  RequestHead,
  ResponseHead,
} from '../../gateway/proxy/exchange.ts';
import type { DrainCounter } from '../../gateway/proxy/drain.ts';
import { createProxy } from '../../gateway/proxy/proxy.ts';
import type { Proxy } from '../../gateway/proxy/proxy.ts';
import { guardServer, serverOptions } from '../../gateway/proxy/server.ts';

export interface RecordedExchange {
  readonly head: RequestHead;
  readonly requestChunks: Buffer[];
  readonly responseHeads: ResponseHead[];
  readonly responseChunks: Buffer[];
  readonly ends: ExchangeEnd[];
  readonly times: ExchangeTimes[];
}

export interface TestProxy {
  readonly port: number;
  readonly proxy: Proxy;
  readonly exchanges: RecordedExchange[];
  stop(): Promise<void>;
}

export interface TestProxyOptions {
  readonly config?: Partial<GatewayConfig['proxy']>;
  /** Stands in for `end`; resolves at once when not given. */
  readonly onEnd?: (end: ExchangeEnd) => Promise<void>;
  /** Count bytes only; for long streams. */
  readonly forget?: boolean;
  readonly openExchange?: OpenExchange;
  readonly drains?: DrainCounter;
}

const quick: GatewayConfig['proxy'] = {
  connectTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  includeStreamUsage: false,
  drainMs: 0,
  holdMs: 50,
};

export function upstreamAt(origin: URL, name = 'gemini'): Upstream {
  return { name, provider: name === 'gemini' ? 'google' : 'other', origin };
}

export async function startTestProxy(
  upstreams: readonly Upstream[],
  options: TestProxyOptions = {},
): Promise<TestProxy> {
  const exchanges: RecordedExchange[] = [];
  const record: OpenExchange = (head) => {
    const recorded = { head, requestChunks: [], responseHeads: [], responseChunks: [], ends: [], times: [] };
    exchanges.push(recorded);
    return recorderOf(recorded, options);
  };
  const proxy = createProxy({
    upstreams,
    openExchange: options.openExchange ?? record,
    config: { ...quick, ...options.config },
    ...(options.drains === undefined ? {} : { drains: options.drains }),
  });
  const handle = proxy.handle.bind(proxy);
  const server = createServer(serverOptions, handle);
  guardServer(server, handle);
  server.on('upgrade', proxy.upgrade.bind(proxy));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    proxy,
    exchanges,
    async stop() {
      await proxy.stop(0);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function recorderOf(recorded: RecordedExchange, { forget = false, onEnd }: TestProxyOptions): ExchangeObserver {
  return {
    requestBody: (chunk) => void (forget || recorded.requestChunks.push(Buffer.from(chunk))),
    responseHead: (head) => void recorded.responseHeads.push(head),
    responseBody: (chunk) => void (forget || recorded.responseChunks.push(Buffer.from(chunk))),
    end(end, times) {
      recorded.ends.push(end);
      recorded.times.push(times);
      return onEnd?.(end) ?? Promise.resolve();
    },
  };
}
