/**
 * `node test/bench/upstream-client.ts [rounds]`: the measurement behind the decision "Upstream client" of ARCHITECTURE.md. The same proxy, the
 * same observer, three transports taken in turn; medians. CPU a call is the figure to trust on a shared machine.
 */
import { request, Agent } from 'node:http';
import { join } from 'node:path';
import { startUpstream } from './contenders.ts';
import { startProcess, type Running } from './processes.ts';
import { median, table } from './statistics.ts';

const connections = 16;
const roundMs = 1_000;
const question = JSON.stringify({ contents: [{ parts: [{ text: 'y'.repeat(980) }] }] });
const path = '/v1beta/models/gemini-2.5-flash:generateContent';
const transports = ['own', 'http.request', 'undici dispatch'] as const;

interface Round {
  readonly callsPerSecond: number;
  readonly cpuMicrosPerCall: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMb: number;
}

interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

const upstream = await startUpstream();
const origin = `http://127.0.0.1:${upstream.firstLine}`;
const server = join(import.meta.dirname, 'servers', 'proxy-with-client.ts');
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const running = new Map<string, Running>();
const rounds = new Map<string, Round[]>();
try {
  for (const name of transports) running.set(name, await startProcess(process.execPath, [server, name, origin]));
  for (let round = 0; round <= Number(process.argv[2] ?? 7); round += 1) {
    for (const [name, { firstLine }] of running) {
      const measured = await measure(Number(firstLine));
      if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), measured]); // round 0 warms up
    }
  }
  console.log(table(['transport', 'CPU µs/call', 'calls/s', 'p50 ms', 'p99 ms', 'RSS MB'], [...rounds].map(rowOf)));
} finally {
  for (const { stop } of running.values()) await stop();
  agent.destroy();
  await upstream.stop();
}

function rowOf([name, results]: readonly [string, readonly Round[]]): string[] {
  const of = (pick: (round: Round) => number, digits: number): string => median(results.map(pick)).toFixed(digits);
  return [
    name,
    of((round) => round.cpuMicrosPerCall, 1),
    of((round) => round.callsPerSecond, 0),
    of((round) => round.p50Ms, 2),
    of((round) => round.p99Ms, 2),
    of((round) => round.rssMb, 0),
  ];
}

async function measure(port: number): Promise<Round> {
  const before = await usage(port);
  const until = performance.now() + roundMs;
  const took: number[] = [];
  await Promise.all(Array.from({ length: connections }, () => askUntil(port, until, took)));
  const after = await usage(port);
  took.sort((a, b) => a - b);
  return {
    callsPerSecond: took.length / (roundMs / 1_000),
    cpuMicrosPerCall: (after.cpuMicros - before.cpuMicros) / took.length,
    p50Ms: took[Math.floor(took.length * 0.5)] ?? Number.NaN,
    p99Ms: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
    rssMb: after.rssBytes / 1e6,
  };
}

async function askUntil(port: number, until: number, took: number[]): Promise<void> {
  while (performance.now() < until) {
    const asked = performance.now();
    await exchange(port, 'POST', path, question);
    took.push(performance.now() - asked);
  }
}

async function usage(port: number): Promise<Usage> {
  return JSON.parse(await exchange(port, 'GET', '/cpu', '')) as Usage;
}

function exchange(port: number, method: string, target: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const call = request({ host: '127.0.0.1', port, agent, method, path: target, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => {
        if (res.statusCode === 200) resolve(Buffer.concat(parts).toString());
        else reject(new Error(`${method} ${target} answered ${res.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
