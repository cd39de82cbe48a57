/** Waiting that is ours to end: by time, or because the caller gave up. */

export interface Limits {
  readonly timeoutMs: number;
  readonly signals?: readonly (AbortSignal | undefined)[];
}

export type StopReason = 'timeout' | 'cancelled';

/**
 * Runs `work` and settles with it, or with the error that `onStop` makes as soon as time is up or a signal aborts. The signal that `work` gets
 * is aborted then, so that nothing of it goes on unseen.
 */
export async function within<T>(
  { timeoutMs, signals = [] }: Limits,
  work: (signal: AbortSignal) => Promise<T>,
  onStop: (why: StopReason) => Error,
): Promise<T> {
  const given = signals.filter((signal) => signal !== undefined);
  if (given.some((signal) => signal.aborted)) throw onStop('cancelled');
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const end = (why: StopReason) => {
    reject(onStop(why));
    stop.abort();
  };
  const cancel = () => end('cancelled');
  const timer = setTimeout(end, timeoutMs, 'timeout' satisfies StopReason);
  for (const signal of given) signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
    for (const signal of given) signal.removeEventListener('abort', cancel);
  }
}
