/** Load for the campaigns: numbered calls, a few at a time, and the list of answers the client saw END (the acknowledged ones). */
import { Agent, request } from 'undici';

export interface Load {
  /** Call ids whose response the client received whole, in order of arrival. */
  readonly acknowledged: ReadonlySet<string>;
  readonly sent: () => number;
  readonly latenciesMs: readonly number[];
  readonly failures: () => number;
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly url: () => string;
  readonly workers: number;
  /** Path of call number `n`. */
  readonly path: (n: number) => string;
  readonly pauseMs?: number;
  /** Straight to the upstream, as the control group of a measurement: there is no call id then. */
  readonly direct?: boolean;
  /** Checks the body of an answer; a false one is a failure. */
  readonly accept?: (body: string) => boolean;
}

export function startLoad(options: LoadOptions): Load {
  const acknowledged = new Set<string>();
  const latenciesMs: number[] = [];
  const agent = new Agent({ connections: options.workers });
  let sent = 0;
  let failures = 0;
  const stopping = new AbortController();

  async function callOnce(): Promise<void> {
    sent += 1;
    const began = performance.now();
    try {
      const answer = await request(options.url() + options.path(sent), {
        method: 'POST',
        body: '{"contents":[]}',
        headers: { 'content-type': 'application/json' },
        dispatcher: agent,
      });
      const body = await answer.body.text();
      latenciesMs.push(performance.now() - began);
      const callId = answer.headers['x-aism-call-id'] ?? (options.direct === true ? String(sent) : undefined);
      if (answer.statusCode === 200 && typeof callId === 'string' && (options.accept?.(body) ?? true))
        acknowledged.add(callId);
      else failures += 1;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const workers = Array.from({ length: options.workers }, async () => {
    while (!stopping.signal.aborted) {
      await callOnce();
      if (options.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
    }
  });

  return {
    acknowledged,
    latenciesMs,
    sent: () => sent,
    failures: () => failures,
    stop: async () => {
      stopping.abort();
      await Promise.all(workers);
      await agent.destroy();
    },
  };
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}
