/** Durations and spans. Inputs are milliseconds. */
import { dash } from './numbers.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A measured time: ms under 1 s, then seconds, then minutes and seconds: 0.4 ms · 412 ms · 1.24 s · 2 m 05 s. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return dash;
  if (ms > 0 && ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / second).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / second).toFixed(1)} s`;
  const seconds = Math.round(ms / second);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} m`;
}

/** How long a running call has been running; coarse, because it is redrawn once a second. */
export function formatElapsed(ms: number): string {
  return ms < minute ? `${Math.max(0, Math.floor(ms / second))} s` : formatDuration(ms);
}

/** The length of a period in words: 15 min · 3 h 20 min · 24 h · 7 days. */
export function formatSpan(ms: number): string {
  if (ms < minute) return `${Math.max(1, Math.round(ms / second))} s`;
  if (ms > 47.5 * hour) return `${trim(ms / day)} days`;
  const minutes = Math.round(ms / minute);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Whole days need no decimal; a zone change makes 6.96 days of a week, which is still 7 days to a person. */
function trim(days: number): string {
  return Math.abs(days - Math.round(days)) < 0.06 ? String(Math.round(days)) : days.toFixed(1);
}

/** Distance to the past: just now · 12 s ago · 3 min ago · 2 h ago · 4 d ago. */
export function formatAgo(ms: number): string {
  if (ms < 2 * second) return 'just now';
  if (ms < minute) return `${Math.floor(ms / second)} s ago`;
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`;
  if (ms < 48 * hour) return `${Math.floor(ms / hour)} h ago`;
  return `${Math.floor(ms / day)} d ago`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
