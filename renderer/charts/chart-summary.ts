/** What a chart shows, in one sentence, for people who cannot see it: highest, last, trend. Pure. */
import { formatDay, formatMinute } from '../format/time.ts';

export interface SummaryInput {
  readonly title: string; // "Cost by model"
  readonly atMs: readonly number[];
  readonly values: readonly (number | null)[];
  readonly format: (value: number) => string;
  readonly tz: string;
}

/** Half against half; a smaller change is none. */
const steady = 0.1;

export function chartSummary({ title, atMs, values, format, tz }: SummaryInput): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, atMs: atMs[index] ?? 0 }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return `${title} over time: nothing is known in this period.`;
  const highest = known.reduce((best, entry) => (entry.value > best.value ? entry : best), first);
  const at = `${formatDay(highest.atMs, tz)} ${formatMinute(highest.atMs, tz)}`;
  return `${title} over time: highest ${format(highest.value)} at ${at}, last ${format(last.value)}, ${trendOf(known)}.`;
}

function trendOf(known: readonly { readonly value: number }[]): string {
  const middle = Math.floor(known.length / 2);
  const [before, after] = [known.slice(0, middle), known.slice(middle)].map(mean);
  if (before === undefined || after === undefined || known.length < 4) return 'too little for a trend';
  const change = before === 0 ? Math.sign(after) : (after - before) / before;
  if (Math.abs(change) < steady) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function mean(entries: readonly { readonly value: number }[]): number {
  return entries.reduce((sum, { value }) => sum + value, 0) / Math.max(1, entries.length);
}
