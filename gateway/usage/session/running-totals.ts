/** Counts of several turns as one. */
import { Unit, type Modalities, type Units } from '../../../contract/usage-record.ts';
import { noCounts, type UsageCounts } from '../usage-counts.ts';

const summed = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'toolInputTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
] as const satisfies readonly (keyof UsageCounts)[];

/**
 * The sum of two turns is derived, even where each was reported. A turn that could not be read makes the sum a lower bound: it is kept, and
 * marked as not adding up.
 */
export function addCounts(total: UsageCounts, turn: UsageCounts): UsageCounts {
  if (turn.usageFault !== null) return { ...total, ...brokenMark(total, turn) };
  if (turn.usageSource === 'none') return total;
  if (total.usageSource === 'none') return { ...turn, usageMismatch: turn.usageMismatch || total.usageMismatch };
  const sums = Object.fromEntries(summed.map((field) => [field, addKnown(total[field], turn[field])]));
  return {
    ...noCounts,
    ...sums,
    modalities: addModalities(total.modalities, turn.modalities),
    units: addUnits(total.units, turn.units),
    usageSource: total.usageSource === 'estimated' || turn.usageSource === 'estimated' ? 'estimated' : 'derived',
    usageMismatch: total.usageMismatch || turn.usageMismatch,
  };
}

function brokenMark(total: UsageCounts, turn: UsageCounts): Pick<UsageCounts, 'usageMismatch' | 'usageFault'> {
  const isAlone = total.usageSource === 'none';
  return { usageMismatch: !isAlone, usageFault: isAlone ? turn.usageFault : null };
}

const addKnown = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);

function addModalities(a: Modalities | null, b: Modalities | null): Modalities | null {
  if (a === null || b === null) return a ?? b;
  const directions = ['input', 'cachedInput', 'toolInput', 'output'] as const;
  const maps = directions.map((direction) => [direction, addMaps(a[direction], b[direction])] as const);
  return Object.fromEntries(maps.filter(([, map]) => map !== undefined));
}

function addMaps(
  a: Record<string, number> | undefined,
  b: Record<string, number> | undefined,
): Record<string, number> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

export function addUnits(a: Units | null, b: Units | null): Units | null {
  if (a === null || b === null) return a ?? b;
  const names = Unit.options.filter((name) => a[name] !== undefined || b[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
