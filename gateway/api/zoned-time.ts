/** Instants as people of a zone write them, with the offset, so that a spreadsheet shows local time and nothing is ambiguous. */

export type ZonedFormat = (iso: string) => string;

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** @returns a formatter of UTC instants to `2026-11-01T01:30:00.250-04:00`; UTC itself keeps its `Z` */
export function zonedFormat(timeZone: string): ZonedFormat {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  return (iso) => {
    const date = new Date(iso);
    const found = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
    const [year, month, day, hour, minute, second] = parts.map((part) => found.get(part) ?? '');
    const millisecond = String(date.getUTCMilliseconds()).padStart(3, '0');
    return `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}${offsetOf(timeZone, found.get('timeZoneName'))}`;
  };
}

/** `GMT-04:00` is `-04:00`; Greenwich has no digits in some versions of the zone data. */
function offsetOf(timeZone: string, name: string | undefined): string {
  if (timeZone === 'UTC') return 'Z';
  const offset = (name ?? '').replace('GMT', '');
  return offset === '' ? '+00:00' : offset;
}
