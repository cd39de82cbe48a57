/** Clock times and bounds in the shown zone. Data is UTC; `tz` is the IANA name the person looks at. */
import { machineZone, type MachineZone } from '../../contract/machine-zone.ts';

/** Asked of the machine once: it costs as much as a formatter and every cell of the tail needs it. */
let ownZone: MachineZone | undefined;

/** The zone to show: UTC when asked for, else the machine's own. */
export function shownZone(utc: boolean): string {
  if (utc) return 'UTC';
  ownZone ??= machineZone();
  return ownZone.name;
}

/** Whether the machine's own zone was asked for and is not known, so that UTC stands in for it. */
export function zoneIsMissing(utc: boolean): boolean {
  ownZone ??= machineZone();
  return !utc && ownZone.problem !== null;
}

/** `Intl` formatters cost about 50 µs each to make and a tail asks for thousands, so they are kept per zone and shape. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(tz: string, shape: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tz} ${shape}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: tz, hourCycle: 'h23', ...options });
  formatters.set(key, made);
  return made;
}

const clockParts = { hour: '2-digit', minute: '2-digit' } as const;

/** 14:02 */
export function formatMinute(at: string | number, tz: string): string {
  return formatter(tz, 'minute', clockParts).format(new Date(at));
}

/** 14:02:11 */
export function formatClock(at: string | number, tz: string): string {
  return formatter(tz, 'clock', { ...clockParts, second: '2-digit' }).format(new Date(at));
}

/** 14:02:11.042: one row of the tail, so that two calls of one second keep their order visibly. */
export function formatClockMs(at: string | number, tz: string): string {
  const date = new Date(at);
  return `${formatClock(at, tz)}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
}

/** 23 Nov */
export function formatDay(at: string | number, tz: string): string {
  return formatter(tz, 'day', { day: 'numeric', month: 'short' }).format(new Date(at));
}

/** 23 Nov 2026 */
export function formatDate(at: string | number, tz: string): string {
  return formatter(tz, 'date', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
}

/** 23 Nov 2026, 14:02 */
export function formatDateTime(at: string | number, tz: string): string {
  return `${formatDate(at, tz)}, ${formatMinute(at, tz)}`;
}

/** The true bounds of what is shown: 23 Nov 14:02 – 15:02, or with both days when they differ. */
export function formatBounds(from: string | number, to: string | number, tz: string): string {
  const [fromDay, toDay] = [formatDay(from, tz), formatDay(to, tz)];
  const start = `${fromDay} ${formatMinute(from, tz)}`;
  return fromDay === toDay ? `${start} – ${formatMinute(to, tz)}` : `${start} – ${toDay} ${formatMinute(to, tz)}`;
}

/** UTC, or the zone's name with its offset at that time: Europe/Paris (UTC+1). */
export function formatZone(tz: string, at: string | number): string {
  if (tz === 'UTC') return 'UTC';
  const offset = formatter(tz, 'offset', { timeZoneName: 'shortOffset' })
    .formatToParts(new Date(at))
    .find((part) => part.type === 'timeZoneName')?.value;
  const label = (offset ?? 'UTC').replace('GMT', 'UTC');
  return `${tz} (${label === 'UTC' ? 'UTC+0' : label})`;
}

/** Axis label of a bucket start: the day at local midnight or for day-sized buckets, else the minute. */
export function formatAxisTime(at: number, tz: string, spanMs: number): string {
  const minute = formatMinute(at, tz);
  if (spanMs > 4 * 86_400_000 || minute === '00:00') return formatDay(at, tz);
  return spanMs <= 5 * 60_000 ? formatClock(at, tz) : minute;
}
