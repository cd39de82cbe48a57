import type { GatewayState, GatewaySupervisor } from './gateway-process.ts';

/** Where the attempt that has just begun ends: running, failed, or about to be tried again. At the deadline, where it is by then. */
export function untilSettled(
  supervisor: Pick<GatewaySupervisor, 'state' | 'onChange'>,
  deadlineMs: number,
): Promise<GatewayState> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      unfollow();
      resolve(supervisor.state());
    };
    const unfollow = supervisor.onChange(({ phase }) => phase !== 'starting' && end());
    const timer = setTimeout(end, deadlineMs);
  });
}
