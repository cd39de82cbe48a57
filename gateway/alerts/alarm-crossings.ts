/**
 * Alarms on a moving window. One begins when its value reaches the threshold with enough calls to mean something, and ends when the value is
 * below {@link calmShare} of the threshold or no call is left: a value that swings around the threshold tells once, not every 15 seconds.
 */
import type { Alert, Thresholds } from '../../contract/thresholds.ts';
import { Outcome } from '../../contract/usage-record.ts';
import { endWhere, holds, type AlertsMemory } from './memory.ts';
import { errorRateWording, latencyWording, type Wording } from './wording.ts';

export const calmShare = 0.8;

/** The calls of the last minutes, as the alarm counts them. */
export interface MeasuredWindow {
  readonly calls: number;
  readonly generations: number;
  readonly failed: number; // of the generations
  readonly p95Ms: number | null;
}

interface Alarm extends Pick<Alert, 'kind' | 'level' | 'filter'> {
  readonly on: boolean;
  readonly minutes: number;
  readonly calls: number;
  readonly minCalls: number;
  readonly value: number | null;
  readonly threshold: number;
  readonly wording: (value: number) => Wording;
}

/** `window` is null where the alarm is off: nothing was measured. */
export function errorRateAlarm({ errorRate }: Thresholds, window: MeasuredWindow | null): Alarm {
  const { percent, minutes } = errorRate;
  const { generations, failed } = window ?? nothing;
  return {
    ...errorRate,
    kind: 'error_rate',
    level: 'critical',
    filter: { outcome: Outcome.options.filter((outcome) => outcome !== 'ok') },
    calls: generations,
    value: generations === 0 ? null : (failed / generations) * 100,
    threshold: percent,
    wording: () => errorRateWording({ failed, generations, minutes, percent }),
  };
}

export function latencyAlarm({ latency }: Thresholds, window: MeasuredWindow | null): Alarm {
  const { p95Ms: limitMs, minutes } = latency;
  const { calls, p95Ms } = window ?? nothing;
  return {
    ...latency,
    kind: 'latency',
    level: 'warning',
    filter: {},
    calls,
    value: p95Ms,
    threshold: limitMs,
    wording: (value) => latencyWording({ p95Ms: value, calls, minutes, limitMs }),
  };
}

const nothing: MeasuredWindow = { calls: 0, generations: 0, failed: 0, p95Ms: null };

export function alarmCrossing(memory: AlertsMemory, alarm: Alarm, now: Date): AlertsMemory {
  const own = (alert: Alert): boolean => alert.kind === alarm.kind;
  const { on, value, threshold, calls, minCalls } = alarm;
  if (memory.alerts.some((alert) => own(alert) && holds(alert))) {
    const calm = !on || calls === 0 || value === null || value < threshold * calmShare;
    return calm ? endWhere(memory, now, own) : memory;
  }
  if (!on || value === null || value < threshold || calls < minCalls) return memory;
  return { ...memory, alerts: [alertOf(alarm, value, now), ...memory.alerts] };
}

function alertOf(alarm: Alarm, value: number, now: Date): Alert {
  const { kind, level, filter, minutes } = alarm;
  const at = now.toISOString();
  const range = minutes <= 15 ? '15m' : '1h';
  return { id: `${kind}:${at}`, kind, level, ...alarm.wording(value), at, endedAt: null, filter, range };
}
