/** Routes of what a team watches over: its budgets, alarms and limits, and what crossed them. */
import type { z } from 'zod';
import { AlertsState, SnoozeInput, Thresholds, ThresholdsState } from '../../contract/thresholds.ts';
import { jsonRoute, type Route } from './route.ts';

export interface ThresholdsApi {
  state(): ThresholdsState;
  /** @throws AppError `bad_request`, `data_dir_unusable`; then the old set stays in use */
  replace(thresholds: z.output<typeof Thresholds>): Promise<ThresholdsState>;
}

export interface AlertsApi {
  state(): AlertsState;
  /** @throws AppError `data_dir_unusable` while the memory of alerts cannot be read */
  snooze(minutes: number | null): Promise<AlertsState>;
  onChange(listener: (state: AlertsState) => void): () => void;
}

/** 100 budgets and 500 limits, the most there may be, with room for long names and filters. */
const maxThresholdsBytes = 1024 * 1024;

export function alertRoutes(thresholds: ThresholdsApi, alerts: AlertsApi): readonly Route[] {
  return [...thresholdRoutes(thresholds), ...crossingRoutes(alerts)];
}

function thresholdRoutes(thresholds: ThresholdsApi): readonly Route[] {
  return [
    {
      kind: 'json',
      method: 'GET',
      path: '/api/thresholds',
      operationId: 'thresholds',
      summary: 'Budgets, alarms and rate limits as set',
      access: 'session',
      answer: ThresholdsState,
      handle: async () => thresholds.state(),
    },
    jsonRoute({
      method: 'PUT',
      path: '/api/thresholds',
      operationId: 'saveThresholds',
      summary: 'Replace budgets, alarms and rate limits (thresholds.json); they are checked at once',
      access: 'session',
      maxBodyBytes: maxThresholdsBytes,
      body: Thresholds,
      answer: ThresholdsState,
      handle: async ({ body }) => thresholds.replace(body),
    }),
  ];
}

function crossingRoutes(alerts: AlertsApi): readonly Route[] {
  return [
    {
      kind: 'json',
      method: 'GET',
      path: '/api/alerts',
      operationId: 'alerts',
      summary: 'Alerts that hold or have ended, and how each budget stands',
      access: 'session',
      answer: AlertsState,
      handle: async () => alerts.state(),
    },
    jsonRoute({
      method: 'POST',
      path: '/api/alerts/snooze',
      operationId: 'snoozeAlerts',
      summary: 'No notices of alerts for some minutes, or, with null, from now on again',
      access: 'session',
      body: SnoozeInput,
      answer: AlertsState,
      handle: async ({ body }) => alerts.snooze(body.minutes),
    }),
  ];
}
