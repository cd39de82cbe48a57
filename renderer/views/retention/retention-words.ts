/** Retention in words: how long, what a change deletes, what was deleted. Pure. */
import type { RetentionPreview, RetentionResult } from '../../../contract/snowflake.ts';
import { formatExact } from '../../format/numbers.ts';
import { formatDate } from '../../format/time.ts';

export function keptWords(days: number | null): string {
  if (days === null) return 'kept for ever';
  return `kept for ${formatExact(days)} ${days === 1 ? 'day' : 'days'}`;
}

const calls = (count: number): string => `${formatExact(count)} ${count === 1 ? 'call' : 'calls'}`;

/** "Deletes 12,345 calls from before 3 Aug 2026; 900 remain." */
export function previewWords({ rows, totalRows, before, oldestAt }: RetentionPreview, tz: string): string {
  const limit = formatDate(before, tz);
  if (totalRows === 0) return 'Nothing is kept yet, so nothing is deleted.';
  if (rows === 0) {
    const oldest = oldestAt === null ? '' : ` The oldest is of ${formatDate(oldestAt, tz)}.`;
    return `Deletes nothing now: no call is from before ${limit}.${oldest}`;
  }
  return `Deletes ${calls(rows)} from before ${limit}; ${formatExact(totalRows - rows)} remain.`;
}

export function resultWords({ deletedRows, before }: RetentionResult, tz: string): string {
  if (deletedRows === 0) return `Nothing was from before ${formatDate(before, tz)}.`;
  return `${calls(deletedRows)} from before ${formatDate(before, tz)} deleted.`;
}

export const longestDays = 3650;

export type Days =
  | { readonly kind: 'days'; readonly days: number | null }
  | { readonly kind: 'problem'; readonly text: string };

/** Empty keeps for ever; otherwise a whole number of days. */
export function daysOf(text: string): Days {
  const plain = text.trim();
  if (plain === '') return { kind: 'days', days: null };
  const days = Number(plain);
  return /^\d+$/.test(plain) && days >= 1 && days <= longestDays
    ? { kind: 'days', days }
    : { kind: 'problem', text: `Enter whole days from 1 to ${formatExact(longestDays)}, or nothing to keep for ever` };
}
