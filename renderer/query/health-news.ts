/**
 * Live health frames become the newest answer to `health` and to the health inside `snowflakeState`, so that every screen that asked shows
 * them. A delivery to Snowflake renews the fleet's answers: the warehouse there is awake at that moment and asking costs nothing more.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Health } from '../../contract/gateway-api.ts';
import type { SnowflakeState } from '../../contract/snowflake.ts';
import type { LiveStore } from '../live/live-store.ts';
import { askKey, fleetKey } from './use-question.ts';

export function startHealthNews({ client, live }: { client: QueryClient; live: LiveStore }): { stop: () => void } {
  const stop = live.subscribe(({ health, pause }, before) => {
    if (health === null || health === before.health) return;
    client.setQueryData<Health>(askKey('health', undefined), health);
    client.setQueryData<SnowflakeState>(askKey('snowflakeState', undefined), (known) => withHealth(known, health));
    if (pause === null && delivered(before.health, health)) void client.invalidateQueries({ queryKey: [fleetKey] });
  });
  return { stop };
}

function withHealth(known: SnowflakeState | undefined, { checks }: Health): SnowflakeState | undefined {
  return known === undefined ? undefined : { ...known, health: checks.snowflake };
}

/** The first frame of a page tells nothing new. */
function delivered(before: Health | null, now: Health): boolean {
  return before !== null && before.checks.snowflake.lastDeliveredAt !== now.checks.snowflake.lastDeliveredAt;
}
