/** A re-pricing run in words and as a share done. Pure. */
import type { RepriceInput, RepriceState } from '../../../../contract/prices.ts';
import { formatCost } from '../../../format/cost.ts';
import { formatExact } from '../../../format/numbers.ts';

const calls = (count: number): string => `${formatExact(count)} ${count === 1 ? 'call' : 'calls'}`;

export function sharePart({ rowsSeen, rowsTotal, phase }: RepriceState): number {
  if (phase === 'done') return 1;
  return rowsTotal === null || rowsTotal === 0 ? 0 : Math.min(1, rowsSeen / rowsTotal);
}

export function progressWords({ rowsSeen, rowsTotal }: RepriceState): string {
  return rowsTotal === null ? 'Counting calls…' : `${formatExact(rowsSeen)} of ${calls(rowsTotal)} looked at`;
}

/** What changed, or would change: "2,818 of 9,090 calls change; their period goes from $55.45 to $52.72." */
export function resultWords(state: RepriceState): string {
  const { rowsSeen, rowsChanged, rowsKept, oldCostUsd, newCostUsd, input } = state;
  const dryRun = input?.dryRun === true;
  if (rowsSeen === 0) return 'There is no call in this period.';
  if (rowsChanged === 0) return `None of ${calls(rowsSeen)} ${dryRun ? 'would change' : 'changed'}.`;
  const verb = dryRun ? 'would change' : 'changed';
  const sums =
    oldCostUsd === null
      ? `; the period ${dryRun ? 'would cost' : 'costs'} ${formatCost(newCostUsd)}, before it had no price`
      : `; the period ${dryRun ? 'would go' : 'went'} from ${formatCost(oldCostUsd)} to ${formatCost(newCostUsd)}`;
  const kept =
    rowsKept === 0 ? '' : ` ${calls(rowsKept)} without a price now ${rowsKept === 1 ? 'keeps' : 'keep'} the old one.`;
  return `${formatExact(rowsChanged)} of ${calls(rowsSeen)} ${verb}${sums}.${kept}`;
}

/** A check belongs to the choice on screen, so that what runs is what was shown. */
export function isCheckOf(state: RepriceState, choice: Pick<RepriceInput, 'from' | 'to' | 'engine'> | null): boolean {
  const { phase, input } = state;
  if (choice === null || input === null || phase !== 'done' || !input.dryRun) return false;
  return (
    Date.parse(input.from) === Date.parse(choice.from) &&
    Date.parse(input.to) === Date.parse(choice.to) &&
    input.engine === choice.engine
  );
}
