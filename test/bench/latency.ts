import type { BenchContext } from './index.ts';
import { bareProxy, direct, ourGateway, startUpstream } from './contenders.ts';
import { pacedLatencies } from './paced-load.ts';
import { median, quantile, table } from './statistics.ts';

const rate = 500;

/** Added latency at 500 calls a second, open loop: a contender's percentile minus the direct one of the same round. */
export async function benchLatency(context: BenchContext): Promise<void> {
  context.print(`\nAdded latency at ${rate} calls/s, open loop (budget: p50 ≤ 1 ms, p99 ≤ 5 ms)`);
  const upstream = await startUpstream();
  const straight = direct(upstream);
  const contenders = [
    straight,
    await bareProxy(upstream),
    await ourGateway(upstream, 'this gateway (metering + journal FULL)'),
  ];
  const p50 = new Map<string, number[]>();
  const p99 = new Map<string, number[]>();
  try {
    for (let round = 0; round < (context.quick ? 2 : 4); round += 1) {
      for (const contender of contenders) {
        const latencies = await pacedLatencies(contender.url, rate, context.quick ? 4 : 8);
        p50.set(contender.name, [...(p50.get(contender.name) ?? []), quantile(latencies, 0.5)]);
        p99.set(contender.name, [...(p99.get(contender.name) ?? []), quantile(latencies, 0.99)]);
      }
    }
  } finally {
    for (const contender of contenders) await contender.stop();
    await upstream.stop();
  }
  const of = (values: ReadonlyMap<string, number[]>, name: string) => median(values.get(name) ?? []);
  const rows = contenders.map(({ name }) => [
    name,
    of(p50, name).toFixed(2),
    of(p99, name).toFixed(2),
    (of(p50, name) - of(p50, straight.name)).toFixed(2),
    (of(p99, name) - of(p99, straight.name)).toFixed(2),
  ]);
  context.print(table(['way', 'p50 ms', 'p99 ms', 'added p50', 'added p99'], rows));
}
