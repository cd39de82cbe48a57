/**
 * What a team sets itself: budgets, alarms on errors and latency, and the rate limits its provider granted. The gateway keeps them
 * (`thresholds.json` in its data directory), checks them and tells of crossings, so the desktop app, a browser and a headless server agree.
 */
import { z } from 'zod';
import { Filter, RangePreset } from './analytics.ts';
import { Provider } from './usage-record.ts';

const Instant = z.iso.datetime({ offset: true });
const Count = z.int().nonnegative();
const Id = z.string().min(1).max(64);
const Name = z.string().trim().min(1, 'Needs a name').max(60, 'Accepted: up to 60 characters');

export const BudgetPeriod = z.enum(['day', 'month']);
export type BudgetPeriod = z.infer<typeof BudgetPeriod>;

/** Share of a budget at which people are told, in percent. */
export const budgetSteps = [80, 100] as const;

/** An amount for each calendar day or month in {@link Thresholds.tz}, over the calls that match the filter (empty: all calls). */
export const Budget = z.object({
  id: Id,
  name: Name,
  period: BudgetPeriod,
  limitUsd: z.number('Accepted: an amount in US dollars').positive('Accepted: an amount above 0').max(1e9),
  filter: Filter.default({}),
});
export type Budget = z.infer<typeof Budget>;

/** Both alarms look at the last `minutes`, and are silent below `minCalls` calls in them: three calls are no statistics. */
const alarmWindow = { minutes: z.int().min(1).max(60), minCalls: z.int().min(1).max(100_000) };
export const ErrorRateAlarm = z.object({
  on: z.boolean(),
  percent: z.number().min(0.1).max(100), // failed generation calls of all generation calls
  ...alarmWindow,
});
export const LatencyAlarm = z.object({ on: z.boolean(), p95Ms: z.int().min(1).max(3_600_000), ...alarmWindow });

/** What the provider allows; null = not known. A null model or key means: each model, each key. */
export const RateLimit = z.object({
  id: Id,
  provider: Provider,
  model: z.string().trim().min(1).max(200).nullable(),
  key: z.string().min(1).max(200).nullable(),
  requestsPerMinute: z.int().positive().nullable(),
  tokensPerMinute: z.int().positive().nullable(), // input tokens
  requestsPerDay: z.int().positive().nullable(),
});
export type RateLimit = z.infer<typeof RateLimit>;

export const Thresholds = z.object({
  /** IANA zone whose days and months the budgets follow; null = that of the gateway's machine. */
  tz: z.string().nullable().default(null),
  budgets: z.array(Budget).max(100).default([]),
  errorRate: ErrorRateAlarm.default({ on: false, percent: 10, minutes: 5, minCalls: 20 }),
  latency: LatencyAlarm.default({ on: false, p95Ms: 30_000, minutes: 5, minCalls: 20 }),
  limits: z.array(RateLimit).max(500).default([]),
});
export type Thresholds = z.infer<typeof Thresholds>;

export const ThresholdsState = z.object({
  thresholds: Thresholds,
  /** Name of a damaged file that was set aside in this run; the defaults are used since. */
  setAside: z.string().nullable(),
  /** Why `thresholds.json` cannot be read: then `thresholds` are not the team's own, and nothing can be saved until it can be. */
  fault: z.string().nullable().default(null),
});
export type ThresholdsState = z.infer<typeof ThresholdsState>;

// ── alerts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const AlertKind = z.enum(['budget', 'error_rate', 'latency']);
export type AlertKind = z.infer<typeof AlertKind>;

/** One crossing. The id names rule, period and step, so the same crossing is never told twice, after a restart neither. */
export const Alert = z.object({
  id: z.string(),
  kind: AlertKind,
  level: z.enum(['warning', 'critical']),
  title: z.string(), // 'Budget "Research" is at 80 %'
  text: z.string(), // the numbers, in plain words
  at: Instant,
  endedAt: Instant.nullable(), // null while it holds
  /** The calls it speaks of. */
  filter: Filter,
  range: RangePreset,
});
export type Alert = z.infer<typeof Alert>;

/** How a budget stands. `spentUsd` is a lower bound when `unpricedCalls` > 0, and null when no call of the period has a price. */
export const BudgetState = z.object({
  budget: Budget,
  from: Instant,
  to: Instant, // end of the period, exclusive
  spentUsd: z.number().nullable(),
  unpricedCalls: Count,
});
export type BudgetState = z.infer<typeof BudgetState>;

export const AlertsState = z.object({
  alerts: z.array(Alert), // those that hold and the last that ended, ≤ 50, newest first
  budgets: z.array(BudgetState),
  snoozedUntil: Instant.nullable(), // no notices until then; alerts are still listed
  checkedAt: Instant.nullable(), // null before the first check
});
export type AlertsState = z.infer<typeof AlertsState>;

/** Null minutes: told again from now on. */
export const SnoozeInput = z.object({ minutes: z.int().min(1).max(10_080).nullable() });
export type SnoozeInput = z.infer<typeof SnoozeInput>;
