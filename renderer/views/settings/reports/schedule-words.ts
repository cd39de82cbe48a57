/** Words about the schedule of reports. Pure. */
import type { ReportSchedule, ReportState } from '../../../../contract/reports.ts';
import { formatDateTime, formatZone } from '../../../format/time.ts';

export const hours: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour);

export const hourLabel = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** What is missing before it can be saved; null when nothing is. */
export function scheduleProblem({ every, folder, questions }: ReportSchedule): string | null {
  if (questions.length === 0) return 'Choose at least one table.';
  return every !== 'off' && folder === null ? 'Choose the folder that reports are written to.' : null;
}

export function sameSchedule(a: ReportSchedule, b: ReportSchedule): boolean {
  const sameTables = a.questions.toSorted().join() === b.questions.toSorted().join();
  return a.every === b.every && a.hour === b.hour && a.folder === b.folder && sameTables;
}

export function nextWords({ schedule, nextAt }: ReportState, nowMs: number, tz: string): string {
  if (schedule.every === 'off' || nextAt === null) return 'Off';
  if (Date.parse(nextAt) <= nowMs) return 'In a moment';
  return `${formatDateTime(nextAt, tz)}, ${formatZone(tz, nextAt)}`;
}

export function lastWords({ lastAt }: ReportState, tz: string): string {
  return lastAt === null ? 'None yet' : formatDateTime(lastAt, tz);
}
