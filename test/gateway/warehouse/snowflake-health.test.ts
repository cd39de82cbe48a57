import { describe, expect, it } from 'vitest';
import { SnowflakeHealth, SnowflakeSettings } from '../../../contract/snowflake.ts';
import type { DeliveryState } from '../../../gateway/delivery/delivery-state.ts';
import { creditsPerDay } from '../../../contract/snowflake.ts';
import { describeSnowflake, type SnowflakeView } from '../../../gateway/warehouse/snowflake-health.ts';

const settings = SnowflakeSettings.parse({
  profile: { account: 'org-acc', user: 'ann', warehouse: 'WH', database: 'DB', schema: 'S' },
});
const delivery: DeliveryState = {
  phase: 'idle',
  detail: 'Rows wait for the next delivery',
  backlogRows: 12,
  backlogBytes: 12_000,
  oldestWaitingAt: '2026-11-23T12:00:00.000Z',
  nextDeliveryAt: '2026-11-23T12:15:00.000Z',
  streamId: 'i:e',
  deliveredSeq: 5,
  lastDeliveredAt: null,
  lastError: null,
  action: null,
  deliveredRows: 5,
  parkedRows: 0,
  damagedRows: 0,
};
const view: SnowflakeView = {
  settings,
  process: { phase: 'open', detail: '', restarts: 0, rebuilt: null },
  delivery,
  protocol: 'procedure',
  deliveredRows: 105,
  parkedRows: 2,
};

describe('the health of Snowflake', () => {
  it('tells the backlog, when it leaves and what that costs', () => {
    const health = SnowflakeHealth.parse(describeSnowflake(view));
    expect(health).toMatchObject({
      state: 'ok',
      phase: 'idle',
      account: 'org-acc',
      protocol: 'procedure',
      backlogRows: 12,
      backlogBytes: 12_000,
      nextDeliveryAt: '2026-11-23T12:15:00.000Z',
      deliveredRows: 105,
      parkedRows: 2,
      intervalMinutes: 15,
      creditsPerDay: 1.8,
    });
  });

  it('is off when nothing is configured or delivery is switched off', () => {
    expect(describeSnowflake({ ...view, settings: null })).toMatchObject({ state: 'off', phase: null, account: null });
    const asksOnly = { ...settings, delivery: { ...settings.delivery, enabled: false } };
    expect(describeSnowflake({ ...view, settings: asksOnly })).toMatchObject({ state: 'off', account: 'org-acc' });
  });

  it.each([
    ['waiting_for_lock', 'ok'], // passes by itself: an alarm would only teach people to ignore alarms
    ['offline', 'degraded'],
    ['needs_attention', 'down'],
    ['sending', 'ok'],
  ] as const)('%s is %s', (phase, state) => {
    const health = describeSnowflake({ ...view, delivery: { ...delivery, phase, detail: 'Why', action: 'Do it' } });
    expect(health).toMatchObject({ state, phase, action: 'Do it' });
    expect(health.detail).toContain('Why');
  });

  it('keeps the last numbers while the process is gone, and says that rows are kept', () => {
    const health = describeSnowflake({ ...view, process: { ...view.process, phase: 'waiting' } });
    expect(health).toMatchObject({ state: 'degraded', phase: 'offline', backlogRows: 12 });
    expect(health.detail).toContain('kept in the journal');
  });
});

describe('the estimate of credits', () => {
  it.each([
    [1, 24],
    [5, 5.4],
    [15, 1.8],
    [60, 0.45],
  ])('every %i minutes: %f credits a day', (minutes, credits) => {
    expect(creditsPerDay(minutes)).toBe(credits);
  });
});
