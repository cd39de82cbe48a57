/** Who may tell the gateway to stop: a signal, or the end of the pipe that the desktop app holds open. */

/** Resolves with who asked first; a second signal ends the process at once. */
export function stopRequests({ parentPipe }: { readonly parentPipe: boolean }): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    if (!parentPipe) return;
    // When the app dies in any way, even killed, the system closes its end: no gateway is left behind.
    process.stdin.on('end', () => resolve('parent gone'));
    process.stdin.on('error', () => resolve('parent gone'));
    process.stdin.resume();
  });
}
