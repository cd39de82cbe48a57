import { describe, expect, test } from 'vitest';
import { type SnowflakeHealth, snowflakeOff } from '../../contract/snowflake.ts';
import { createSnowflakeAlarm } from '../../main/snowflake-alarm.ts';

const health = (phase: SnowflakeHealth['phase'], more: Partial<SnowflakeHealth> = {}): SnowflakeHealth => ({
  ...snowflakeOff('detail', 'acct'),
  state: 'ok',
  phase,
  ...more,
});
const minuteMs = 60_000;

function alarmAt() {
  const rings: string[] = [];
  let nowMs = 0;
  const alarm = createSnowflakeAlarm({ ring: (what) => rings.push(what), now: () => nowMs });
  return { alarm, rings, after: (minutes: number) => void (nowMs += minutes * minuteMs) };
}

describe('the alarm about Snowflake', () => {
  test('rings once when delivery begins to need somebody, with what to do', () => {
    const { alarm, rings } = alarmAt();
    alarm.update(health('idle'));
    expect(alarm.notice()).toBeNull();
    for (let frame = 0; frame < 5; frame++) {
      alarm.update(health('needs_attention', { action: 'Grant USAGE on warehouse AISM_WH to role WRITER.' }));
    }
    expect(rings).toEqual(['Grant USAGE on warehouse AISM_WH to role WRITER.']);
    expect(alarm.notice()).toBe('Snowflake needs attention');
  });

  test('is not armed again by an attempt, but by a delivery that works', () => {
    const { alarm, rings } = alarmAt();
    for (const phase of ['needs_attention', 'sending', 'needs_attention'] as const) alarm.update(health(phase));
    expect(rings).toHaveLength(1);
    for (const phase of ['sending', 'idle', 'sending', 'needs_attention'] as const) alarm.update(health(phase));
    expect(rings).toHaveLength(2);
    alarm.update(health('sending', { lastDeliveredAt: '2026-11-23T10:00:00.000Z' })); // a long backlog, on its way
    expect(alarm.notice()).toBeNull();
  });

  test('tells of an outage only when it lasts, and never rings about one', () => {
    const { alarm, rings, after } = alarmAt();
    alarm.update(health('offline', { backlogRows: 1200 }));
    after(9);
    alarm.update(health('sending', { backlogRows: 1201 }));
    alarm.update(health('offline', { backlogRows: 1201 }));
    expect(alarm.notice()).toBeNull();
    after(1);
    expect(alarm.notice()).toBe('Snowflake out of reach, 1,201 calls waiting');
    alarm.update(health('idle'));
    expect(alarm.notice()).toBeNull();
    expect(rings).toEqual([]);
  });

  test('says nothing of a Snowflake that is off', () => {
    const { alarm, after } = alarmAt();
    alarm.update(health('needs_attention'));
    alarm.update(snowflakeOff('Not configured.'));
    after(60);
    expect(alarm.notice()).toBeNull();
  });
});
