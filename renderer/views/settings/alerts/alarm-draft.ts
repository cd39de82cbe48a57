/** The two alarms as a person types them. Pure. What an alarm that is off would use is not shown, and stays as it was saved. */
import type { Thresholds } from '../../../../contract/thresholds.ts';
import { amountOf } from './amount.ts';

export const alarmFields = ['level', 'minutes', 'minCalls'] as const;
export type AlarmField = (typeof alarmFields)[number];
/** The level is in percent of calls, or in seconds. */
export type AlarmDraft = Readonly<Record<AlarmField, string>> & { readonly on: boolean };
export type AlarmName = 'errorRate' | 'latency';

const msPerSecond = 1000;
type ErrorRateAlarm = Thresholds['errorRate'];
type LatencyAlarm = Thresholds['latency'];
type Window = Pick<ErrorRateAlarm, 'on' | 'minutes' | 'minCalls'>;

const draftOf = ({ on, minutes, minCalls }: Window, level: number): AlarmDraft => ({
  on,
  level: String(level),
  minutes: String(minutes),
  minCalls: String(minCalls),
});

export function alarmDraftsOf({ errorRate, latency }: Thresholds): Readonly<Record<AlarmName, AlarmDraft>> {
  return {
    errorRate: draftOf(errorRate, errorRate.percent),
    latency: draftOf(latency, latency.p95Ms / msPerSecond),
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly words: string;
}

const windowBounds = {
  minutes: { min: 1, max: 60, whole: true, words: 'Accepted: a whole number of minutes from 1 to 60' },
  minCalls: { min: 1, max: 100_000, whole: true, words: 'Accepted: a whole number from 1 to 100,000' },
} as const;
const bounds: Readonly<Record<AlarmName, Readonly<Record<AlarmField, Bounds>>>> = {
  errorRate: { ...windowBounds, level: { min: 0.1, max: 100, whole: false, words: 'Accepted: 0.1 to 100 percent' } },
  latency: {
    ...windowBounds,
    level: { min: 0.001, max: 3600, whole: false, words: 'Accepted: 0.001 to 3,600 seconds' },
  },
};

/** What is wrong with a field that is in use; null when nothing is. */
export function alarmProblem(name: AlarmName, field: AlarmField, draft: AlarmDraft): string | null {
  if (!draft.on) return null;
  const { min, max, whole, words } = bounds[name][field];
  const value = amountOf(draft[field]);
  return value === null || value < min || value > max || (whole && !Number.isInteger(value)) ? words : null;
}

export function alarmProblemCount(name: AlarmName, draft: AlarmDraft): number {
  return alarmFields.filter((field) => alarmProblem(name, field, draft) !== null).length;
}

function numbersOf(draft: AlarmDraft): Readonly<Record<AlarmField, number>> | null {
  const [level, minutes, minCalls] = [amountOf(draft.level), amountOf(draft.minutes), amountOf(draft.minCalls)];
  return level === null || minutes === null || minCalls === null ? null : { level, minutes, minCalls };
}

/** Of a draft without problems. */
export function errorRateOf(draft: AlarmDraft, saved: ErrorRateAlarm): ErrorRateAlarm {
  const numbers = draft.on ? numbersOf(draft) : null;
  if (numbers === null) return { ...saved, on: draft.on };
  const { level, ...window } = numbers;
  return { on: true, percent: level, ...window };
}

/** Of a draft without problems. */
export function latencyOf(draft: AlarmDraft, saved: LatencyAlarm): LatencyAlarm {
  const numbers = draft.on ? numbersOf(draft) : null;
  if (numbers === null) return { ...saved, on: draft.on };
  const { level, ...window } = numbers;
  return { on: true, p95Ms: Math.round(level * msPerSecond), ...window };
}
