import type { Health } from '../contract/gateway-api.ts';
import type { GatewayStatus } from '../contract/ipc.ts';
import type { LiveState } from './gateway-client.ts';
import type { GatewayState } from './gateway-process.ts';

/** One status out of three sources: the process, what it says of itself, and the connection to it. */
export function gatewayStatus(gateway: GatewayState, health: Health | null, live: LiveState): GatewayStatus {
  const trouble = gateway.phase === 'running' && live.live === 'connected' ? troubleOf(health) : null;
  return {
    phase: trouble === null ? gateway.phase : 'degraded',
    detail: trouble ?? gateway.detail,
    url: gateway.endpoint?.url ?? null,
    live: live.live,
    liveSince: live.liveSince,
    retryInMs: live.retryInMs,
    suggestedPort: gateway.suggestedPort,
  };
}

/** The plain words of the first part that is not well, worst first; null when all is well. */
function troubleOf(health: Health | null): string | null {
  if (health === null || health.status === 'ok') return null;
  const { journal, warehouse, snowflake, upstreams } = health.checks;
  const parts = [
    journal,
    warehouse,
    snowflake,
    ...upstreams.map(({ state, name, lastError }) => ({ state, detail: upstreamTrouble(name, lastError) })),
  ];
  const worst = parts.find((part) => part.state === 'down') ?? parts.find((part) => part.state === 'degraded');
  return worst?.detail ?? 'A part of the gateway is not well.';
}

const upstreamTrouble = (name: string, lastError: string | null): string =>
  lastError === null ? `Calls to ${name} fail.` : `Calls to ${name} fail: ${lastError}`;
