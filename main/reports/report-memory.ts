/** What the app remembers of its scheduled report, and what follows from it at a moment. Pure. */
import { z } from 'zod';
import { noReport, ReportSchedule, type ReportState } from '../../contract/reports.ts';
import type { Zone } from '../../gateway/analytics/zone.ts';
import { nextRun, previousRun } from './schedule.ts';

const Instant = z.iso.datetime({ offset: true });

export const ReportMemory = z.object({
  schedule: ReportSchedule.default(noReport),
  /** Runs up to here are made, or were never wanted: a schedule asks for nothing from before it was saved. */
  doneUntil: Instant.nullable().default(null),
  lastAt: Instant.nullable().default(null),
  lastFiles: z.array(z.string()).default([]),
  lastError: z.string().nullable().default(null),
  /** When a due run failed last; null when none waits to be tried again. */
  failedAt: Instant.nullable().default(null),
});
export type ReportMemory = z.infer<typeof ReportMemory>;

const retryMs = 3_600_000;

/** The run that should have been made by now and was not; null when there is none. Of several missed ones only the last. */
export function dueRun({ schedule, doneUntil }: ReportMemory, nowMs: number, zone: Zone): number | null {
  const run = previousRun(schedule, nowMs, zone);
  return run !== null && run > Date.parse(doneUntil ?? '1970-01-01T00:00:00Z') ? run : null;
}

/** Whether a due run may be tried now: one that failed waits an hour. */
export function mayTry({ failedAt }: ReportMemory, nowMs: number): boolean {
  return failedAt === null || nowMs >= Date.parse(failedAt) + retryMs;
}

/** The memory of a schedule that was just saved. */
export function withSchedule(memory: ReportMemory, schedule: ReportSchedule, now: Date): ReportMemory {
  return { ...memory, schedule, doneUntil: now.toISOString(), lastError: null, failedAt: null };
}

export function reportState(memory: ReportMemory, nowMs: number, zone: Zone): ReportState {
  const { schedule, lastAt, lastFiles, lastError } = memory;
  const nextMs = nextAttempt(memory, nowMs, zone);
  const nextAt = nextMs === null ? null : new Date(nextMs).toISOString();
  return { schedule, nextAt, lastAt, lastFiles, lastError };
}

function nextAttempt(memory: ReportMemory, nowMs: number, zone: Zone): number | null {
  const next = nextRun(memory.schedule, nowMs, zone);
  if (next === null || dueRun(memory, nowMs, zone) === null) return next;
  return memory.failedAt === null ? nowMs : Math.min(next, Date.parse(memory.failedAt) + retryMs);
}
