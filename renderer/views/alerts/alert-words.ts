/** Alerts in words and shapes. Pure. */
import type { Alert, AlertsState } from '../../../contract/thresholds.ts';
import { formatAgo, formatSpan } from '../../format/duration.ts';
import type { HealthLook } from '../../format/health.ts';
import { formatDay, formatMinute } from '../../format/time.ts';
import { instantOf, wallClock } from '../../range/local-midnight.ts';

export const holds = ({ endedAt }: Alert): boolean => endedAt === null;

const looks: Readonly<Record<Alert['level'], HealthLook>> = {
  critical: { label: 'critical', tone: 'bad', shape: 'cross' },
  warning: { label: 'warning', tone: 'warn', shape: 'triangle' },
};
const ended: HealthLook = { label: 'ended', tone: 'neutral', shape: 'check' };

export function alertLook(alert: Alert): HealthLook {
  return holds(alert) ? looks[alert.level] : ended;
}

/** Since when it holds, or how long it held and when that ended. */
export function sinceWords({ at, endedAt }: Alert, nowMs: number): string {
  const startMs = Date.parse(at);
  if (endedAt === null) return `since ${formatAgo(Math.max(0, nowMs - startMs))}`.replace('since just now', 'just now');
  const endMs = Date.parse(endedAt);
  return `ended ${formatAgo(Math.max(0, nowMs - endMs))}, held ${formatSpan(endMs - startMs)}`;
}

/** What a screen reader hears of the bell: nothing while nothing holds. */
export function announcement({ alerts }: AlertsState): string {
  const holding = alerts.filter(holds);
  if (holding.length === 0) return '';
  return `${countWords(holding.length)}: ${holding.map(({ title }) => title).join('. ')}`;
}

export function countWords(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`;
}

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const morningMs = 8 * 60 * minuteMs;

export interface SnoozeChoice {
  readonly label: string;
  readonly minutes: number;
}

/** Tomorrow begins at eight in the morning of the shown zone. */
export function snoozeChoices(nowMs: number, tz: string): readonly SnoozeChoice[] {
  const wall = wallClock(nowMs, tz);
  const tomorrow = instantOf(wall - (((wall % dayMs) + dayMs) % dayMs) + dayMs + morningMs, tz);
  return [
    { label: '1 h', minutes: 60 },
    { label: '4 h', minutes: 240 },
    { label: 'Until tomorrow', minutes: Math.ceil((tomorrow - nowMs) / minuteMs) },
  ];
}

/** Until when notices rest; null when they do not. */
export function snoozeWords({ snoozedUntil }: AlertsState, nowMs: number, tz: string): string | null {
  if (snoozedUntil === null || Date.parse(snoozedUntil) <= nowMs) return null;
  const sameDay = formatDay(snoozedUntil, tz) === formatDay(nowMs, tz);
  return `Snoozed until ${sameDay ? '' : `${formatDay(snoozedUntil, tz)} `}${formatMinute(snoozedUntil, tz)}`;
}
