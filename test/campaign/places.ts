/** Everything a gateway wrote or said, for campaigns that look for what must not be in it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { questions } from '../../contract/analytics.ts';
import { wsProtocol, wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';
import type { TestGateway } from '../helpers/gateway-process.ts';

export interface LiveEar {
  readonly frames: string[];
  stop(): void;
}

/** Keeps every frame of the live stream. */
export async function listenLive({ url, token }: TestGateway): Promise<LiveEar> {
  const frames: string[] = [];
  const protocols = [wsProtocol, wsTokenProtocolPrefix + token];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/analytics`, protocols);
  socket.on('message', (data) => frames.push(String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { frames, stop: () => socket.terminate() };
}

export const csvPath = '/api/analytics/calls?range=1h&format=csv';

/** By place: log, WebSocket, every question, CSV, Prometheus. */
export async function everythingSaid(gateway: TestGateway, { frames }: LiveEar): Promise<Map<string, string>> {
  const said = new Map<string, string>([
    ['stderr', gateway.log.join('\n')],
    ['websocket', frames.join('\n')],
  ]);
  const others = [csvPath, '/api/analytics/realtime', '/api/analytics/health', '/api/about', '/metrics'];
  for (const path of [...Object.keys(questions).map((name) => `/api/analytics/${name}?range=1h`), ...others]) {
    const answer = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${gateway.token}` } });
    said.set(path, await answer.text());
  }
  return said;
}

export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((file) => statSync(file).isFile());
}
