/** The worker behind the journal's client: started on demand, its end reported once, whatever the reason. */
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadStart, ToThread } from './protocol.ts';

export interface ThreadLink {
  post(message: ToThread): void;
  /** Ends the thread whatever it does. */
  terminate(): Promise<void>;
}

export interface ThreadEvents {
  readonly onMessage: (message: FromThread) => void;
  readonly onEnd: (reason: string) => void;
}

/** A thread that cannot be started (no memory, the limit of threads) has ended at once. */
export function startThread(entry: URL, start: ThreadStart, events: ThreadEvents): ThreadLink {
  try {
    return linkTo(new Worker(entry, { workerData: start, name: 'journal' }), events);
  } catch (error) {
    setImmediate(() => events.onEnd(messageOf(error)));
    return { post: () => undefined, terminate: () => Promise.resolve() };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function linkTo(worker: Worker, events: ThreadEvents): ThreadLink {
  let reason = 'the journal thread ended';
  worker.on('message', events.onMessage);
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  worker.once('exit', () => events.onEnd(reason));
  return {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    post: (message) => worker.postMessage(message),
    terminate: async () => {
      await worker.terminate();
    },
  };
}

/** Resolves when `subscribe`'s callback is called, or after `withinMs`. */
export async function settled(withinMs: number, subscribe: (done: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  subscribe(resolve);
  await promise;
  clearTimeout(timer);
}
