/** Sends sample calls through the real proxy path, a few a second with quiet and busy spells, until stopped. */
import { Agent, request } from 'undici';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from './answer-plan.ts';
import { drawCall, type SampleCall } from './sample-calls.ts';

const maxInFlight = 40;
/** Of our own, because the usual one may send even what is meant for loopback through a proxy (NODE_USE_ENV_PROXY). */
const dispatcher = new Agent();

export interface SampleTraffic {
  sent(): number;
  stop(): Promise<void>;
}

/** `meanCallsPerSecond` is the average of the busy and quiet spells. */
export function startSampleTraffic(gatewayUrl: string, seed: number, meanCallsPerSecond = 4): SampleTraffic {
  const random = seededRandom(seed);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let sent = 0;

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(pauseMs(random, meanCallsPerSecond), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || running.size >= maxInFlight) continue;
      sent += 1;
      const call = send(gatewayUrl, drawCall(random), stopping.signal).finally(() => running.delete(call));
      running.add(call);
    }
  })();

  return {
    sent: () => sent,
    stop: async () => {
      stopping.abort();
      await loop;
      await Promise.allSettled(running);
    },
  };
}

/** Exponential gaps; the rate swings between half and one and a half times the mean over a minute. */
function pauseMs(random: Random, meanCallsPerSecond: number): number {
  const swing = 1 + 0.5 * Math.sin((Date.now() / 60_000) * 2 * Math.PI);
  return Math.min(3_000, (-Math.log(1 - random()) * 1_000) / (meanCallsPerSecond * swing));
}

/** Failures are the sample's business (429, cuts, aborts are part of it): they show as rows, so they are not reported twice. */
async function send(gatewayUrl: string, call: SampleCall, stopping: AbortSignal): Promise<void> {
  const signal =
    call.abortAfterMs === null ? stopping : AbortSignal.any([stopping, AbortSignal.timeout(call.abortAfterMs)]);
  try {
    const answer = await request(new URL(call.path, gatewayUrl), {
      method: 'POST',
      headers: call.headers,
      body: call.body,
      dispatcher,
      signal,
    });
    await answer.body.dump();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
