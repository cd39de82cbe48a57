import type { BenchContext } from './index.ts';
import { bareProxy, direct, ourGateway, portkeyGateway, startUpstream, type Contender } from './contenders.ts';
import { median, table } from './statistics.ts';
import { ensureWrk, wrk, type WrkResult } from './wrk.ts';

const connections = 32;

/** Throughput of a 1 KB question and a 2 KB answer, contenders in turn, several rounds, medians. */
export async function benchProxy(context: BenchContext): Promise<void> {
  context.print(
    `\nProxy throughput: POST 1 KB → 2 KB JSON with usage, ${connections} keep-alive connections, wrk; medians of rounds taken in turn`,
  );
  if (!ensureWrk()) return context.print('  left out: wrk is not installed (Debian: apt-get install wrk)');
  const upstream = await startUpstream();
  const contenders: Contender[] = [
    direct(upstream),
    await bareProxy(upstream),
    await ourGateway(upstream, 'this gateway (metering + journal FULL)'),
    await ourGateway(upstream, 'this gateway (journal NORMAL)', { AISM_JOURNAL_SYNC: 'NORMAL' }),
  ];
  const portkey = await portkeyGateway(upstream);
  if ('missing' in portkey) context.print(`  ${portkey.missing}`);
  else contenders.push(portkey);
  try {
    const rounds = await measure(contenders, context);
    printProxy(contenders, rounds, context);
  } finally {
    for (const contender of contenders) await contender.stop();
    await upstream.stop();
  }
}

async function measure(contenders: readonly Contender[], context: BenchContext): Promise<Map<string, WrkResult[]>> {
  const seconds = context.quick ? 2 : 5;
  const results = new Map<string, WrkResult[]>(contenders.map((contender) => [contender.name, []]));
  for (const contender of contenders) {
    const warm = await wrk(contender.url, 2, connections, context.scratchDir, contender.headers);
    if (!(warm.requestsPerSecond > 0))
      throw new Error(`${contender.name} answered nothing: the comparison would mean nothing`);
  }
  for (let round = 0; round < (context.quick ? 2 : 5); round += 1) {
    for (const contender of contenders)
      results
        .get(contender.name)
        ?.push(await wrk(contender.url, seconds, connections, context.scratchDir, contender.headers));
  }
  return results;
}

function printProxy(
  contenders: readonly Contender[],
  results: ReadonlyMap<string, readonly WrkResult[]>,
  context: BenchContext,
): void {
  const rate = (name: string) => median((results.get(name) ?? []).map((result) => result.requestsPerSecond));
  const bare = rate('bare undici-dispatch proxy');
  const rows = contenders.map(({ name }) => {
    const runs = results.get(name) ?? [];
    const failed = runs.reduce((sum, run) => sum + run.errors, 0);
    return [
      name,
      rate(name).toFixed(0),
      `${(rate(name) / bare).toFixed(2)} ×`,
      median(runs.map((run) => run.p50Ms)).toFixed(2),
      median(runs.map((run) => run.p99Ms)).toFixed(2),
      String(failed),
    ];
  });
  context.print(table(['way', 'calls/s', 'of bare', 'p50 ms', 'p99 ms', 'errors'], rows));
  const portkey = contenders.find((contender) => contender.name.startsWith('Portkey'));
  if (portkey !== undefined)
    context.print(
      `this gateway / Portkey: ${(rate('this gateway (metering + journal FULL)') / rate(portkey.name)).toFixed(1)} × (budget ≥ 10 ×); of bare budget ≥ 0.80 ×`,
    );
}
