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

interface Part {
  readonly name: string;
  readonly state: Health['checks']['journal']['state'];
  readonly detail: string;
}

/** The first part that is not well, worst first, by name and in its own words; null when all is well. */
function troubleOf(health: Health | null): string | null {
  if (health === null || health.status === 'ok') return null;
  const parts = partsOf(health);
  const worst = parts.find((part) => part.state === 'down') ?? parts.find((part) => part.state === 'degraded');
  if (worst === undefined) return `The gateway calls itself ${health.status} and names no part.`;
  return worst.detail === '' ? `${worst.name} is ${worst.state}.` : `${worst.name}: ${worst.detail}`;
}

function partsOf({ checks: { journal, warehouse, snowflake, files, upstreams, background } }: Health): readonly Part[] {
  return [
    { name: 'Journal', ...journal },
    { name: 'Database', ...warehouse },
    { name: 'Snowflake', state: snowflake.state, detail: snowflake.action ?? snowflake.detail },
    { name: 'Files', ...files },
    ...upstreams.map(({ state, name, lastError }) => ({
      name: `Upstream ${name}`,
      state,
      detail: lastError === null ? 'calls fail' : `calls fail, ${lastError}`,
    })),
    ...(background === undefined ? [] : [{ name: 'Background', ...background }]),
  ];
}
