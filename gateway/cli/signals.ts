/**
 * What each signal means that a service gets. Left to the system or to Node most of them end a process at once, with all running calls, and
 * SIGUSR1 opens Node's debugger to everybody on this machine. Those of a fault (SIGSEGV …) stay what they are.
 */
export interface SignalActions {
  /** The first request to stop. */
  stop(signal: NodeJS.Signals): void;
  /** The second one: running calls are no longer waited for. */
  hasten(): void;
  /** The third one. */
  giveUp(): void;
  /** Certificate and log file may have been replaced. */
  reload(signal: NodeJS.Signals): void;
  /** The log file was renamed. */
  reopenLog(signal: NodeJS.Signals): void;
  ignored(signal: NodeJS.Signals): void;
}

export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGPWR', 'SIGBREAK'] as const;
export const ignoredSignals = ['SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGXCPU'] as const;

/** All that have a meaning here. */
export const serviceSignals = [...stopSignals, 'SIGHUP', 'SIGUSR1', ...ignoredSignals] as const;

/** A terminal signals the whole process group and npm passes the signal on: what comes that soon is the same request. */
export const sameRequestMs = 1000;

/** From now on the signals do this. One that the system does not know never comes. */
export function followSignals(actions: SignalActions, platform: NodeJS.Platform = process.platform): void {
  const onStop = stopRequests(actions);
  for (const signal of stopSignals) process.on(signal, onStop);
  // Windows says so when the console is closed, and ends the process some seconds later whatever it does.
  process.on('SIGHUP', platform === 'win32' ? onStop : actions.reload);
  process.on('SIGUSR1', actions.reopenLog);
  for (const signal of ignoredSignals) process.on(signal, actions.ignored);
}

function stopRequests({ stop, hasten, giveUp }: SignalActions): (signal: NodeJS.Signals) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let requests = 0;
  return (signal) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < sameRequestMs) return;
    lastMs = nowMs;
    requests += 1;
    if (requests === 1) stop(signal);
    else if (requests === 2) hasten();
    else giveUp();
  };
}
