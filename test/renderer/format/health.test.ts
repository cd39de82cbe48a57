import { describe, expect, it } from 'vitest';
import { DeliveryPhase } from '../../../contract/snowflake.ts';
import { attentionOf, snowflakeLook, stateLook } from '../../../renderer/format/health.ts';
import { healthAnswer } from '../fixture/snowflake-answers.ts';

describe('the look of a state', () => {
  it('tells the phase of a delivery where it says more than the state', () => {
    expect(snowflakeLook({ state: 'ok', phase: 'idle' })).toEqual(stateLook('ok'));
    expect(snowflakeLook({ state: 'ok', phase: 'sending' }).label).toBe('sending');
    expect(snowflakeLook({ state: 'degraded', phase: 'waiting_for_lock' }).label).toBe('waiting for a lock');
    expect(snowflakeLook({ state: 'off', phase: null })).toEqual(stateLook('off'));
  });

  it('differs in word and in shape between what is well and what is not', () => {
    const looks = DeliveryPhase.options.map((phase) => snowflakeLook({ state: 'down', phase }));
    expect(new Set(looks.map(({ label }) => label)).size).toBe(looks.length);
    expect(new Set((['ok', 'degraded', 'down', 'off'] as const).map((state) => stateLook(state).shape)).size).toBe(4);
  });
});

describe('the part that needs attention', () => {
  const health = healthAnswer('attention');

  it('is nobody while all is well', () => {
    expect(attentionOf(healthAnswer('idle'))).toBeNull();
    expect(attentionOf(healthAnswer('off'))).toBeNull();
  });

  it('is named with what to do, before what is wrong', () => {
    expect(attentionOf(health)).toMatchObject({
      part: 'Snowflake',
      detail: health.checks.snowflake.action,
      stored: true,
    });
  });

  it('is the worst one, and the earlier one among equals', () => {
    const journal = { ...health.checks.journal, state: 'down' as const, detail: 'The disk is full' };
    expect(attentionOf({ ...health, checks: { ...health.checks, journal } })).toMatchObject({
      part: 'Journal',
      detail: 'The disk is full',
    });
    const warehouse = { ...health.checks.warehouse, state: 'degraded' as const };
    expect(attentionOf({ ...health, checks: { ...health.checks, warehouse } })?.part).toBe('Snowflake');
  });

  it('may be an upstream, which Storage does not show', () => {
    const { checks } = healthAnswer('idle');
    const upstreams = checks.upstreams.map((up) => ({ ...up, state: 'down' as const, lastError: 'refused' }));
    expect(attentionOf({ ...health, checks: { ...checks, upstreams } })).toMatchObject({
      part: 'Upstream gemini',
      detail: 'refused',
      stored: false,
    });
  });
});
