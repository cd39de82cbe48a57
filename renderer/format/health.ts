/** The health of a part as a word, a tone and a shape, and the part that needs attention most. Pure. */
import type { CheckState, Health } from '../../contract/gateway-api.ts';
import type { DeliveryPhase, SnowflakeHealth } from '../../contract/snowflake.ts';
import type { OutcomeShape, OutcomeTone } from './outcome.ts';

export interface HealthLook {
  readonly label: string;
  readonly tone: OutcomeTone;
  readonly shape: OutcomeShape;
}

const states: Readonly<Record<CheckState, HealthLook>> = {
  ok: { label: 'healthy', tone: 'good', shape: 'check' },
  degraded: { label: 'degraded', tone: 'warn', shape: 'triangle' },
  down: { label: 'down', tone: 'bad', shape: 'cross' },
  off: { label: 'off', tone: 'neutral', shape: 'slash' },
};

const phases: Readonly<Record<DeliveryPhase, HealthLook | null>> = {
  idle: null, // says no more than the state
  sending: { label: 'sending', tone: 'running', shape: 'ring' },
  waiting_for_lock: { label: 'waiting for a lock', tone: 'warn', shape: 'clock' },
  offline: { label: 'offline, trying again', tone: 'warn', shape: 'triangle' },
  needs_attention: { label: 'needs attention', tone: 'bad', shape: 'cross' },
};

export function stateLook(state: CheckState): HealthLook {
  return states[state];
}

export function snowflakeLook({ state, phase }: Pick<SnowflakeHealth, 'state' | 'phase'>): HealthLook {
  return (phase === null ? null : phases[phase]) ?? states[state];
}

export interface Attention {
  readonly part: string;
  readonly detail: string;
  readonly stored: boolean; // the Storage screen shows this part
}

const ranks: Readonly<Record<CheckState, number>> = { down: 0, degraded: 1, ok: 2, off: 3 };

/** The part that is worst, the earlier one in the way of the data first; null while all is well. */
export function attentionOf({ status, checks }: Health): Attention | null {
  if (status === 'ok') return null;
  const part = (name: string, { state, detail }: { state: CheckState; detail: string }, stored = true) => ({
    part: name,
    detail,
    stored,
    state,
  });
  const parts = [
    part('Journal', checks.journal),
    part('DuckDB', checks.warehouse),
    part('Snowflake', { ...checks.snowflake, detail: checks.snowflake.action ?? checks.snowflake.detail }),
    part('Files', checks.files, false),
    part('Clock', checks.clock),
    ...checks.upstreams.map(({ name, state, lastError }) => {
      const detail = lastError ?? 'calls to it fail';
      return part(`Upstream ${name}`, { state, detail }, false);
    }),
    ...(checks.background === undefined ? [] : [part('Background', checks.background, false)]),
  ];
  const worst = parts.toSorted((a, b) => ranks[a.state] - ranks[b.state])[0];
  return worst === undefined || ranks[worst.state] > ranks.degraded ? null : worst;
}
