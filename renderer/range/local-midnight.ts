/** Midnights of a zone without a date library: `Intl` knows the offsets, two steps settle a change of offset in between. */

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Kept by zone: making one takes far longer than using it. */
function parts(tz: string): Intl.DateTimeFormat {
  const known = formatters.get(tz);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(tz, made);
  return made;
}

/** The wall clock of `atMs` in `tz`, as if that wall clock were UTC. */
export function wallClock(atMs: number, tz: string): number {
  const field: Record<string, number> = {};
  for (const { type, value } of parts(tz).formatToParts(atMs)) field[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000);
}

/** The instant at which the wall clock of `tz` shows `wallMs`; in the hour a clock skips, the first instant after the gap. */
export function instantOf(wallMs: number, tz: string): number {
  const first = wallMs - (wallClock(wallMs, tz) - wallMs);
  return wallMs - (wallClock(first, tz) - first);
}

/** The instant of the latest local midnight (or first of the month) at or before `atMs`. */
export function localMidnight(atMs: number, tz: string, unit: 'day' | 'month'): number {
  const wall = new Date(wallClock(atMs, tz));
  const date = unit === 'day' ? wall.getUTCDate() : 1;
  return instantOf(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), date), tz);
}
