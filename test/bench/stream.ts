import { Agent, request } from 'undici';
import type { BenchContext } from './index.ts';
import { direct, ourGateway, startUpstream, type Contender } from './contenders.ts';
import { residentMib } from './machine.ts';
import { quantile, table } from './statistics.ts';

const streamPath = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';

/** First byte, memory of a 500 MB response, memory of 1,000 concurrent streams. */
export async function benchStream(context: BenchContext): Promise<void> {
  context.print(
    '\nStreams (budgets: first byte delayed ≤ 1 ms p99, memory flat at 500 MB, 1,000 streams < 400 MB RSS)',
  );
  const upstream = await startUpstream();
  const gateway = await ourGateway(upstream, 'this gateway');
  try {
    await firstByte(context, direct(upstream), gateway);
    await largeBody(context, gateway);
    await manyStreams(context, gateway);
  } finally {
    await gateway.stop();
    await upstream.stop();
  }
}

const base = (contender: Contender) => new URL(contender.url).origin;

async function firstByte(context: BenchContext, straight: Contender, gateway: Contender): Promise<void> {
  const agent = new Agent({ connections: 4 });
  const samples = new Map<Contender, number[]>([
    [straight, []],
    [gateway, []],
  ]);
  for (let index = 0; index < (context.quick ? 400 : 2_000); index += 1) {
    for (const [contender, values] of samples) {
      const began = performance.now();
      const answer = await request(`${base(contender)}${streamPath}?alt=sse`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
        dispatcher: agent,
      });
      answer.body.once('data', () => {
        if (index > 50) values.push(performance.now() - began);
      });
      await new Promise((resolve, reject) => answer.body.once('end', resolve).once('error', reject));
    }
  }
  await agent.destroy();
  const rows = [...samples].map(([contender, values]) => [
    contender.name,
    quantile(values, 0.5).toFixed(2),
    quantile(values, 0.99).toFixed(2),
  ]);
  context.print(table(['first byte of a 100-event stream', 'p50 ms', 'p99 ms'], rows));
}

async function largeBody(context: BenchContext, gateway: Contender): Promise<void> {
  const peakFor = async (bytes: number) => {
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, residentMib(gateway.pid))), 20);
    const answer = await request(`${base(gateway)}/gemini/v1beta/files/x:download?bytes=${bytes}`);
    let received = 0;
    for await (const chunk of answer.body) received += chunk.length;
    clearInterval(timer);
    if (received !== bytes) throw new Error(`${received} of ${bytes} bytes came through`);
    return Math.max(peak, residentMib(gateway.pid));
  };
  const small = await peakFor(64 * 1024);
  await peakFor(64 * 1024 * 1024);
  const large = await peakFor(500 * 1024 * 1024);
  context.print(
    `memory of the gateway process: ${small.toFixed(0)} MiB after a 64 KB body, peak ${large.toFixed(0)} MiB while 500 MB streamed through`,
  );
}

async function manyStreams(context: BenchContext, gateway: Contender): Promise<void> {
  const count = 1_000;
  const agent = new Agent({ connections: count, headersTimeout: 60_000 });
  const leaving = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await request(`${base(gateway)}${streamPath}?alt=sse&trickle=1000`, {
        method: 'POST',
        body: '{}',
        dispatcher: agent,
        signal: leaving.signal,
      });
      answer.body.on('error', () => undefined).resume();
    }),
  );
  let peak = 0;
  for (let second = 0; second < 6; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    peak = Math.max(peak, residentMib(gateway.pid));
  }
  leaving.abort();
  await agent.destroy();
  context.print(
    `memory of the gateway process with ${streams.length} concurrent SSE streams: peak ${peak.toFixed(0)} MiB`,
  );
}
