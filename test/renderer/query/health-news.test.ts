import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../../../contract/gateway-api.ts';
import type { SnowflakeState } from '../../../contract/snowflake.ts';
import { createLiveStore } from '../../../renderer/live/live-store.ts';
import { startHealthNews } from '../../../renderer/query/health-news.ts';
import { askKey, fleetKey } from '../../../renderer/query/use-question.ts';
import { healthAnswer, snowflakeState } from '../fixture/snowflake-answers.ts';

describe('live health', () => {
  const client = new QueryClient();
  const live = createLiveStore();
  let news: { stop: () => void };
  const health = healthAnswer('idle');
  const deliveredAt = (at: string): Health => ({
    ...health,
    checks: { ...health.checks, snowflake: { ...health.checks.snowflake, lastDeliveredAt: at } },
  });
  const isOld = (): boolean => client.getQueryState([fleetKey, 'snowflakeFleet'])?.isInvalidated === true;

  beforeEach(() => {
    client.clear();
    live.setState({ health: null, pause: null });
    news = startHealthNews({ client, live });
    client.setQueryData([fleetKey, 'snowflakeFleet'], { asOf: null, gateways: [] });
  });
  afterEach(() => news.stop());

  it('becomes the newest answer about health, and the health of a known Snowflake', () => {
    const state = snowflakeState('idle', 'electron');
    client.setQueryData(askKey('snowflakeState', undefined), state);
    live.setState({ health: healthAnswer('attention') });
    expect(client.getQueryData<Health>(askKey('health', undefined))?.status).toBe('degraded');
    const known = client.getQueryData<SnowflakeState>(askKey('snowflakeState', undefined));
    expect(known).toMatchObject({ settings: state.settings, health: { phase: 'needs_attention' } });
  });

  it('says nothing about a Snowflake whose settings were not asked for yet', () => {
    live.setState({ health });
    expect(client.getQueryData(askKey('snowflakeState', undefined))).toBeUndefined();
  });

  it('asks about the fleet again after a delivery, and only then', () => {
    live.setState({ health: deliveredAt('2026-11-23T12:00:00Z') });
    live.setState({ health: deliveredAt('2026-11-23T12:00:00Z') });
    expect(isOld()).toBe(false);
    live.setState({ health: deliveredAt('2026-11-23T12:15:00Z') });
    expect(isOld()).toBe(true);
  });

  it('leaves the fleet alone while paused', () => {
    live.setState({ health: deliveredAt('2026-11-23T12:00:00Z'), pause: { atMs: 0, rows: [], newRows: 0 } });
    live.setState({ health: deliveredAt('2026-11-23T12:15:00Z') });
    expect(isOld()).toBe(false);
  });
});
