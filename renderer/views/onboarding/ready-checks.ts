/** What has to be there before a first request makes sense, in words. Pure. */
import type { Health } from '../../../contract/gateway-api.ts';
import type { GatewayStatus } from '../../../contract/ipc.ts';

export interface ReadyCheck {
  readonly name: string;
  readonly state: 'good' | 'busy' | 'warn' | 'bad';
  readonly words: string;
}

export function readyChecks(status: GatewayStatus | null, health: Health | null): readonly ReadyCheck[] {
  return [
    { name: 'Gateway', ...gateway(status) },
    { name: 'Storage', ...storage(status, health) },
  ];
}

/** Calls can pass: that is all a first request needs. */
export function isReady(status: GatewayStatus | null): boolean {
  return status !== null && status.url !== null && (status.phase === 'running' || status.phase === 'degraded');
}

type Answer = Pick<ReadyCheck, 'state' | 'words'>;

function gateway(status: GatewayStatus | null): Answer {
  if (status === null) return { state: 'busy', words: 'Looking for the gateway' };
  if (isReady(status)) return { state: 'good', words: `Listening at ${status.url}` };
  if (status.phase === 'failed' || status.phase === 'stopped') return { state: 'bad', words: status.detail };
  return { state: 'busy', words: status.detail === '' ? 'Starting' : status.detail };
}

/** Storage may lag: calls pass meanwhile and are kept in memory, so it never holds anybody up. */
function storage(status: GatewayStatus | null, health: Health | null): Answer {
  if (!isReady(status) || health === null) return { state: 'busy', words: 'Waiting for the gateway' };
  const { journal, warehouse } = health.checks;
  const troubled = [journal, warehouse].find(({ state }) => state === 'down' || state === 'degraded');
  if (troubled !== undefined) return { state: 'warn', words: troubled.detail };
  return { state: 'good', words: 'Calls are kept on this machine' };
}
