/** Calls whose numbers are missing or doubtful (DESIGN P6), counted by cause. Pure. */
import type { Totals } from '../../../contract/analytics.ts';
import { isUnpriced } from '../../../contract/unpriced.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { AnswerOf } from '../../query/use-question.ts';

export type UnmeteredRow = AnswerOf<'unmetered'>['unmetered'][number];
export type Doubt = UnmeteredRow['reason'];

export const doubts = [
  {
    reason: 'mismatch',
    label: 'Numbers that do not add up',
    hint: 'The parts of the tokens a provider reported do not add up to its total. The reported numbers are kept as they are.',
  },
  {
    reason: 'no_usage',
    label: 'No usage',
    hint: 'The provider reported no tokens, or the call ended before it did, so nothing can be counted or priced.',
  },
  {
    reason: 'no_price',
    label: 'No price',
    hint: 'The tokens are known, but no list has a price for the model. Sums of cost are marked “at least”.',
  },
] as const satisfies readonly { readonly reason: Doubt; readonly label: string; readonly hint: string }[];

export type DoubtCounts = Readonly<Record<Doubt, number>>;

/** The totals count every call; the list by cause tells what the calls without a cost lack. */
export function doubtCounts(totals: Totals, rows: readonly UnmeteredRow[]): DoubtCounts {
  const noUsage = rows.filter(({ reason }) => reason === 'no_usage').reduce((sum, { calls }) => sum + calls, 0);
  return {
    mismatch: totals.mismatchedCalls,
    no_usage: noUsage,
    no_price: Math.max(0, totals.unpricedCalls - noUsage),
  };
}

/** Biggest first. */
export function rowsOf(rows: readonly UnmeteredRow[], reason: Doubt): readonly UnmeteredRow[] {
  return rows.filter((row) => row.reason === reason).toSorted((a, b) => b.calls - a.calls);
}

export function doubtKey({ reason, provider, model, surface }: UnmeteredRow): string {
  return [reason, provider, model ?? '', surface].join(' ');
}

/** Whether a call is one of the row's: the filters of the calls question know no causes. */
export function isOf(row: UnmeteredRow, call: UsageRecord): boolean {
  if (call.provider !== row.provider || call.model !== row.model || call.surface !== row.surface) return false;
  if (row.reason === 'mismatch') return call.usageMismatch;
  return isUnpriced(call) && (call.usageSource === 'none') === (row.reason === 'no_usage');
}
