/** Who may tell the gateway to stop: a signal, or the end of the pipe that the desktop app holds open (parent-pipe.ts). */
import { exitCodes } from '../../contract/gateway-api.ts';

/** A terminal signals the whole process group and npm passes the signal on: what comes that soon is the same request. */
const sameRequestMs = 1000;

/** Resolves with who asked first; a further signal, after a second, ends the process at once. */
export function stopRequests(parentGone: Promise<string>): Promise<string> {
  return new Promise((resolve) => {
    let askedMs: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (askedMs !== null && performance.now() - askedMs > sameRequestMs) process.exit(exitCodes.failed);
      askedMs ??= performance.now();
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    void parentGone.then(resolve);
  });
}
