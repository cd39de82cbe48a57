/** Time zones without a library: offsets from Intl, and from them the stretches of constant offset and the instants of wall-clock times. */
import { AppError } from '../../contract/errors.ts';

const dayMs = 86_400_000;

/** From `fromMs` (inclusive) on, local time = UTC + `offsetMs`. */
export interface ZoneSegment {
  readonly fromMs: number;
  readonly offsetMs: number;
}

export interface Zone {
  readonly name: string;
  offsetAt(ms: number): number;
}

/** @throws AppError `bad_request` on field `tz` when the name is no IANA zone. */
export function zoneOf(name: string): Zone {
  const format = formatOf(name);
  return {
    name,
    offsetAt: (ms) => parseOffset(format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? ''),
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw new AppError('bad_request', `tz "${name}" is not a time zone; use an IANA name such as Europe/Berlin`, {
      field: 'tz',
      cause,
    });
  }
}

/** `GMT`, `GMT+10:30` or `GMT-00:44:30` as milliseconds. */
function parseOffset(text: string): number {
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) throw new Error(`Unexpected zone offset "${text}"`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -size : size;
}

/**
 * The stretches of constant offset that cover [fromMs, toMs], oldest first. Offsets are compared day by day (no zone has changed twice in a
 * day) and each change is found by halving, to the millisecond.
 */
export function zoneSegments(zone: Zone, fromMs: number, toMs: number): readonly ZoneSegment[] {
  const segments: ZoneSegment[] = [{ fromMs, offsetMs: zone.offsetAt(fromMs) }];
  let offsetMs = zone.offsetAt(fromMs);
  for (let ms = fromMs; ms < toMs; ms += dayMs) {
    const end = Math.min(ms + dayMs, toMs);
    const next = zone.offsetAt(end);
    if (next === offsetMs) continue;
    segments.push({ fromMs: changeBetween(zone, ms, end, offsetMs), offsetMs: next });
    offsetMs = next;
  }
  return segments;
}

/** First instant after `low` whose offset is not `before`. */
function changeBetween(zone: Zone, low: number, high: number, before: number): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * First instant whose local time is `wallMs` (a local date-time written as if it were UTC) or later. A time that the clock skips gives the
 * instant of the jump; one that happens twice gives the first. `segments` must cover it.
 */
export function instantOfWall(segments: readonly ZoneSegment[], wallMs: number): number {
  for (const [index, segment] of segments.entries()) {
    const at = index === 0 ? wallMs - segment.offsetMs : Math.max(segment.fromMs, wallMs - segment.offsetMs);
    const end = segments[index + 1]?.fromMs ?? Infinity;
    if (at < end) return at;
  }
  return Infinity;
}

/** Start of the local day or month that `ms` lies in. */
export function startOfLocal(zone: Zone, ms: number, unit: 'day' | 'month'): number {
  const wall = new Date(ms + zone.offsetAt(ms));
  const wallMs = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), unit === 'day' ? wall.getUTCDate() : 1);
  return instantOfWall(zoneSegments(zone, wallMs - 2 * dayMs, ms + dayMs), wallMs);
}
