/** Open-loop load at a fixed rate: added latency is only honest when slow answers do not slow the asking (coordinated omission). */
import { Agent, request } from 'undici';

const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'z'.repeat(940) }] }] });

/** Latencies in ms of `rate` calls a second for `seconds`; the first second is warm-up and left out. */
export async function pacedLatencies(url: string, rate: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ connections: 64 });
  const latencies: number[] = [];
  const began = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < rate * seconds; index += 1) {
    const due = began + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    pending.push(
      (async () => {
        const sentAt = performance.now();
        const answer = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          dispatcher: agent,
        });
        await answer.body.dump();
        if (index >= rate) latencies.push(performance.now() - sentAt);
      })(),
    );
  }
  await Promise.all(pending);
  await agent.destroy();
  return latencies;
}
