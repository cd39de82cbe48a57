import WebSocket from 'ws';
import { wsProtocol, wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';
import type { BenchContext } from './index.ts';
import { ourGateway, startUpstream } from './contenders.ts';
import { cpuSeconds } from './machine.ts';
import { pacedLatencies } from './paced-load.ts';
import { quantile } from './statistics.ts';

const clients = 500;

/** Cost of 500 dashboards at 1 Hz, and the way from the end of a response to a frame at a client. */
export async function benchLive(context: BenchContext): Promise<void> {
  context.print(
    `\nLive (budgets: ${clients} WebSocket clients at 1 Hz ≤ 15 % of one core; response end → pixel ≤ 300 ms p99, of which this is the way to the client)`,
  );
  const upstream = await startUpstream();
  const { gateway, ...contender } = await ourGateway(upstream, 'this gateway');
  const sockets: WebSocket[] = [];
  const connect = async () => {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/analytics`, [
      wsProtocol,
      wsTokenProtocolPrefix + gateway.token,
    ]);
    socket.on('message', () => undefined);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    sockets.push(socket);
    return socket;
  };
  try {
    const idle = await share(gateway.pid, 5);
    for (let index = 0; index < clients; index += 1) await connect();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const busy = await share(gateway.pid, context.quick ? 5 : 10);
    context.print(
      `gateway processor share: ${(idle * 100).toFixed(1)} % of a core idle, ${(busy * 100).toFixed(1)} % with ${clients} clients at 1 Hz`,
    );
    for (const socket of sockets.splice(0)) socket.terminate();
    await endToFrame(context, await connect(), contender.url);
  } finally {
    for (const socket of sockets) socket.terminate();
    await gateway.stop();
    await upstream.stop();
  }
}

async function share(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return (cpuSeconds(pid) - before) / seconds;
}

/** The record says when the call began and how long it took: both clocks are this machine's. */
async function endToFrame(context: BenchContext, socket: WebSocket, url: string): Promise<void> {
  const delays: number[] = [];
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse(String(data));
    if (typeof frame !== 'object' || frame === null || !('calls' in frame) || !Array.isArray(frame.calls)) return;
    for (const call of frame.calls)
      delays.push(Date.now() - (Date.parse(String(call.startedAt)) + Number(call.durationMs)));
  });
  await pacedLatencies(url, 100, context.quick ? 4 : 10);
  await new Promise((resolve) => setTimeout(resolve, 500));
  context.print(
    `response end → frame at a client: p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${quantile(delays, 0.99).toFixed(0)} ms over ${delays.length} calls at 100 calls/s`,
  );
}
