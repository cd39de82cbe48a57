/** The last 15 minutes, one slot a second, in fixed memory. A slot is known by the second it holds, so old content never shows. */
import type { Second } from '../../contract/gateway-api.ts';
import { isGeneration, isSample, succeeded, type UsageRecord } from '../../contract/usage-record.ts';

export const ringSeconds = 15 * 60;

/** Failed = a generation call that did not succeed: the numerator of the error rate (DESIGN §7). */
export const hasFailed = (record: Pick<UsageRecord, 'surface' | 'statusCode' | 'outcome'>): boolean =>
  isGeneration(record) && !succeeded(record);

interface Slot {
  second: number; // epoch seconds
  calls: number;
  generations: number;
  failed: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
}

export interface SecondsRing {
  add(second: number, record: UsageRecord): void;
  /** One second, empty when nothing happened. */
  at(second: number): Second;
  /** Seconds in `[from, to)`, oldest first, empty ones included. */
  range(from: number, to: number): Second[];
  /** The same without the empty ones. */
  busy(from: number, to: number): Second[];
  /** Calls and failures in `[from, to)`. */
  totals(from: number, to: number): { readonly calls: number; readonly generations: number; readonly failed: number };
  /** Sample rows were removed: their calls leave the seconds. */
  forgetSample(): void;
  /** The wall clock went back to `second`: later slots describe a time that has not come. */
  forgetAfter(second: number): void;
}

export function createSecondsRing(): SecondsRing {
  const own = emptySlots();
  const sample = emptySlots(); // apart, so that removed sample rows leave the seconds too
  const held = (second: number): Slot | null => merged(heldIn(own, second), heldIn(sample, second));
  const at = (second: number): Second => toSecond(held(second) ?? emptySlot(second));
  const each = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  return {
    add(second, record) {
      const slot = (isSample(record) ? sample : own)[second % ringSeconds];
      if (slot === undefined) return;
      if (slot.second !== second) Object.assign(slot, emptySlot(second));
      addTo(slot, record);
    },
    at,
    range: (from, to) => each(from, to).map(at),
    busy: (from, to) =>
      each(from, to)
        .filter((second) => held(second) !== null)
        .map(at),
    totals(from, to) {
      const sum = { calls: 0, generations: 0, failed: 0 };
      for (const second of each(from, to)) {
        const slot = held(second);
        sum.calls += slot?.calls ?? 0;
        sum.generations += slot?.generations ?? 0;
        sum.failed += slot?.failed ?? 0;
      }
      return sum;
    },
    forgetSample: () => clear(sample, -1),
    forgetAfter(second) {
      clear(own, second);
      clear(sample, second);
    },
  };
}

const emptySlots = (): Slot[] => Array.from({ length: ringSeconds }, () => emptySlot(-1));

function heldIn(slots: readonly Slot[], second: number): Slot | null {
  const slot = slots[second % ringSeconds];
  return slot?.second === second ? slot : null;
}

function merged(own: Slot | null, sample: Slot | null): Slot | null {
  if (own === null || sample === null) return own ?? sample;
  return {
    second: own.second,
    calls: own.calls + sample.calls,
    generations: own.generations + sample.generations,
    failed: own.failed + sample.failed,
    inputTokens: own.inputTokens + sample.inputTokens,
    outputTokens: own.outputTokens + sample.outputTokens,
    costUsd: addCost(own.costUsd, sample.costUsd),
  };
}

/** Empties the slots of seconds later than `second`. */
function clear(slots: readonly Slot[], second: number): void {
  for (const slot of slots) if (slot.second > second) Object.assign(slot, emptySlot(-1));
}

const emptySlot = (second: number): Slot => ({
  second,
  calls: 0,
  generations: 0,
  failed: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
});

function addTo(slot: Slot, record: UsageRecord): void {
  slot.calls += 1;
  slot.costUsd = addCost(slot.costUsd, record.costUsd);
  if (!isGeneration(record)) return;
  slot.generations += 1;
  slot.failed += hasFailed(record) ? 1 : 0;
  slot.inputTokens += record.inputTokens ?? 0;
  slot.outputTokens += record.outputTokens ?? 0;
}

/** Sum in USD, kept to the 9 decimals a cost has; null + null stays null. */
export function addCost(sum: number | null, cost: number | null): number | null {
  if (cost === null) return sum;
  return Math.round(((sum ?? 0) + cost) * 1e9) / 1e9;
}

function toSecond({ second, calls, failed, inputTokens, outputTokens, costUsd }: Slot): Second {
  return { at: new Date(second * 1000).toISOString(), calls, failed, inputTokens, outputTokens, costUsd };
}
