/** In a browser nobody supervises the gateway: its status is what the live connection and the last health frame tell. */
import type { Health } from '../../contract/gateway-api.ts';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { attentionOf } from '../format/health.ts';
import type { LiveState } from './live-socket.ts';

export interface BrowserStatusInput {
  readonly state: LiveState;
  readonly health: Health | null;
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
  health: Health | null,
  everConnected: boolean,
): Pick<GatewayStatus, 'phase' | 'detail'> {
  if (state.live === 'lost') return { phase: 'stopped', detail: 'The gateway does not answer at this address' };
  if (state.live === 'connecting') {
    return everConnected
      ? { phase: 'restarting', detail: 'Connecting to the gateway again' }
      : { phase: 'starting', detail: 'Connecting to the gateway' };
  }
  return health === null || health.status === 'ok'
    ? { phase: 'running', detail: 'The gateway is running' }
    : { phase: 'degraded', detail: degradedWords(health) };
}

function degradedWords(health: Health): string {
  const worst = attentionOf(health);
  return worst === null
    ? 'Calls pass through, but the gateway is not well'
    : `Calls pass through, but ${worst.part} needs attention: ${worst.detail}`;
}
