/** In a browser nobody supervises the gateway: its status is what the live connection and the last health frame tell. */
import type { Health } from '../../contract/gateway-api.ts';
import type { GatewayStatus } from '../../contract/ipc.ts';
import type { LiveState } from './live-socket.ts';

export interface BrowserStatusInput {
  readonly state: LiveState;
  readonly health: Health['status'] | null;
  readonly everConnected: boolean;
  readonly url: string;
  readonly since: string; // when the live state last changed
}

export function browserStatus({ state, health, everConnected, url, since }: BrowserStatusInput): GatewayStatus {
  return {
    ...phaseOf(state, health, everConnected),
    url,
    live: state.live,
    liveSince: since,
    retryInMs: state.live === 'lost' ? state.retryInMs : null,
    suggestedPort: null,
  };
}

function phaseOf(
  state: LiveState,
  health: Health['status'] | null,
  everConnected: boolean,
): Pick<GatewayStatus, 'phase' | 'detail'> {
  if (state.live === 'lost') return { phase: 'stopped', detail: 'The gateway does not answer at this address' };
  if (state.live === 'connecting') {
    return everConnected
      ? { phase: 'restarting', detail: 'Connecting to the gateway again' }
      : { phase: 'starting', detail: 'Connecting to the gateway' };
  }
  return health === null || health === 'ok'
    ? { phase: 'running', detail: 'The gateway is running' }
    : { phase: 'degraded', detail: 'Calls pass through, but a part of the gateway needs attention' };
}
