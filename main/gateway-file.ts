import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayFile } from '../contract/gateway-api.ts';
import { loopbackFetch } from './loopback-fetch.ts';

/** `gateway.json` of a data directory: where a running gateway listens and the token of its control API. Null when none is written. */
export async function readGatewayFile(dataDir: string): Promise<GatewayFile | null> {
  try {
    const parsed = GatewayFile.safeParse(JSON.parse(await readFile(join(dataDir, 'gateway.json'), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // absent, unreadable or half a file: either way nobody can be reached through it
  }
}

/** The file of the process that has just said it is ready; a left-over of a killed one is waited out. */
export async function gatewayFileOf(pid: number, dataDir: string, deadlineMs = 3000): Promise<GatewayFile | null> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const file = await readGatewayFile(dataDir);
    if (file?.pid === pid) return file;
    if (Date.now() >= end) return null;
    await pause(25);
  }
}

/** True when something answers `GET /healthz` at the url. Never sends the token: the port may belong to someone else by now. */
export async function answersHealth(url: string, timeoutMs = 2000): Promise<boolean> {
  try {
    const answer = await loopbackFetch(new URL('/healthz', url), { signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
