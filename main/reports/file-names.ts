/** Names of the files a person finds in a folder later: what, when, in the user's own time. Pure. */

const two = (value: number): string => String(value).padStart(2, '0');

const dayOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** `ai-studio-monitor-calls-2026-11-23-1805.csv` */
export function fileNameAt(what: string, extension: 'csv' | 'pdf', now: Date): string {
  return `ai-studio-monitor-${what}-${dayOf(now)}-${two(now.getHours())}${two(now.getMinutes())}.${extension}`;
}

/**
 * `ai-studio-monitor-models-2026-11-23.csv` of a day, `…-2026-11-16-to-2026-11-22.csv` of a week: one name a period, so that a report made
 * again takes the place of its own older copy and of nothing else.
 * @param lastDay of the period; the same as the first one of a day
 */
export function reportFileName(question: string, firstDay: string, lastDay: string): string {
  return `ai-studio-monitor-${question}-${firstDay === lastDay ? firstDay : `${firstDay}-to-${lastDay}`}.csv`;
}
