import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { BenchContext } from './index.ts';
import { startUpstream } from './contenders.ts';
import { startProcess, type Running } from './processes.ts';
import { median, table } from './statistics.ts';

const streamPath = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
/** A provider sends each event when it is generated; a test server or a cache sends them at once, which costs the proxy far less. */
const arrivals = { 'event by event': '&spelled', 'all at once': '' } as const;
const question = JSON.stringify({ contents: [{ parts: [{ text: 'y'.repeat(980) }] }] });
const server = join(import.meta.dirname, 'servers', 'proxy-with-tap.ts');
const modes = ['off', 'on'] as const;
const concurrent = 8;

/** CPU of the proxy for a 100 KB stream with usage read from it, against the same without. */
export async function benchTap(context: BenchContext): Promise<void> {
  context.print('\nReading usage from a 100 KB stream (budget: ≤ 15 % more CPU than proxying it)');
  const upstream = await startUpstream();
  const running = new Map<string, Running>();
  const agent = new Agent({ connections: concurrent });
  try {
    for (const mode of modes)
      running.set(mode, await startProcess(process.execPath, [server, mode, `http://127.0.0.1:${upstream.firstLine}`]));
    const rows: string[][] = [];
    for (const [arrival, query] of Object.entries(arrivals)) {
      const [off, on] = await compare(running, query, agent, context.quick ? 6 : 16);
      rows.push([arrival, off.toFixed(0), on.toFixed(0), `+${((on / off - 1) * 100).toFixed(1)} %`]);
    }
    context.print(table(['stream of 100 events, 100 KB', 'passed on, CPU µs', 'usage read too', 'more'], rows));
  } finally {
    await agent.destroy();
    for (const { stop } of running.values()) await stop();
    await upstream.stop();
  }
}

/** @returns CPU microseconds a stream without and with reading, medians of rounds taken in turn */
async function compare(
  running: ReadonlyMap<string, Running>,
  query: string,
  agent: Agent,
  rounds: number,
): Promise<readonly [off: number, on: number]> {
  const results = { off: [] as number[], on: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const mode of modes) {
      const origin = `http://127.0.0.1:${running.get(mode)?.firstLine}`;
      const micros = await cpuPerStream(origin, query, agent, mode === 'on');
      if (round > 0) results[mode].push(micros); // round 0 warms up
    }
  }
  return [median(results.off), median(results.on)];
}

const streamsPerRound = 400;

async function cpuPerStream(origin: string, query: string, dispatcher: Agent, isRead: boolean): Promise<number> {
  const before = await usage(origin);
  let left = streamsPerRound;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await request(`${origin}${streamPath}${query}`, {
        method: 'POST',
        body: question,
        headers: { 'content-type': 'application/json' },
        dispatcher,
      });
      await answer.body.dump({ limit: 10 ** 7 });
    }
  };
  await Promise.all(Array.from({ length: concurrent }, work));
  const after = await usage(origin);
  if (isRead && after.usagesRead - before.usagesRead !== streamsPerRound)
    throw new Error('Usage was not read from every stream: the comparison would mean nothing');
  return (after.cpuMicros - before.cpuMicros) / streamsPerRound;
}

interface Usage {
  readonly cpuMicros: number;
  readonly usagesRead: number;
}

async function usage(origin: string): Promise<Usage> {
  const answer = await request(`${origin}/cpu`);
  return (await answer.body.json()) as Usage;
}
