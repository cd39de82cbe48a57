import type { GatewayStatus } from '../contract/ipc.ts';

export interface GatewayAlarm {
  update(status: GatewayStatus): void;
  stop(): void;
}

/** Restarts after a crash take a second or two; only an outage beyond this is worth an interruption. */
const patienceMs = 10_000;

/** Calls `ring` once for each time the gateway is away longer than ten seconds; it is armed again when calls pass again. */
export function createGatewayAlarm(ring: (detail: string) => void, afterMs = patienceMs): GatewayAlarm {
  let timer: NodeJS.Timeout | null = null;
  let detail = '';
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    stop,
    update(status) {
      if (status.phase === 'running' || status.phase === 'degraded' || status.phase === 'stopped') {
        stop();
        return;
      }
      detail = status.detail;
      // The timer stays in place after it fired: that is what makes it ring once.
      timer ??= setTimeout(() => ring(detail), afterMs);
    },
  };
}
