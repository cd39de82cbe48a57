import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { BenchContext } from './index.ts';
import { startUpstream } from './contenders.ts';
import { startProcess, type Running } from './processes.ts';
import { median, table } from './statistics.ts';

const streamPath = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
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
  const rounds = new Map<string, number[]>(modes.map((mode) => [mode, []]));
  try {
    for (const mode of modes)
      running.set(mode, await startProcess(process.execPath, [server, mode, `http://127.0.0.1:${upstream.firstLine}`]));
    for (let round = 0; round <= (context.quick ? 6 : 16); round += 1) {
      for (const [mode, { firstLine }] of running) {
        const micros = await cpuPerStream(`http://127.0.0.1:${firstLine}`, agent, mode === 'on');
        if (round > 0) rounds.get(mode)?.push(micros); // round 0 warms up
      }
    }
  } finally {
    await agent.destroy();
    for (const { stop } of running.values()) await stop();
    await upstream.stop();
  }
  const off = median(rounds.get('off') ?? []);
  const on = median(rounds.get('on') ?? []);
  const rows = [
    ['passed on only', off.toFixed(0), ''],
    ['usage read', on.toFixed(0), `+${((on / off - 1) * 100).toFixed(1)} %`],
  ];
  context.print(table(['stream of 100 events, 100 KB', 'CPU µs', 'more'], rows));
}

const streamsPerRound = 400;

async function cpuPerStream(origin: string, dispatcher: Agent, isRead: boolean): Promise<number> {
  const before = await usage(origin);
  let left = streamsPerRound;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await request(`${origin}${streamPath}`, {
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
