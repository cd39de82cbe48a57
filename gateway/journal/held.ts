/**
 * The time that an answer waits for its own row belongs into that row (`durationMs`, `overheadMs`), but is only over when the row is written. So
 * the thread adds what has passed when it writes the row, and corrects the row when the write itself took longer than the answer waits.
 */
import type { Batch } from './protocol.ts';

const nanosecondsPerMs = 1e6;

/** A monotonic clock that is the same in every thread of the process. */
export const sharedClockMs = (): number => Number(process.hrtime.bigint()) / nanosecondsPerMs;

/** How long the answer of the batch's close at `index` has waited at `nowMs`. */
export function heldAt({ holds, handedMs }: Batch, index: number, nowMs: number): number {
  const hold = holds[index];
  if (hold === undefined) return 0;
  return hold.heldMs + Math.min(Math.max(0, nowMs - handedMs), hold.leftMs);
}

/** Closes whose answers were still waiting at `fromMs` and have left at `toMs` without their row. */
export function leftBetween(batch: Batch, fromMs: number, toMs: number): number[] {
  const { handedMs, holds } = batch;
  return [...holds.keys()].filter((index) => {
    const leftMs = holds[index]?.leftMs ?? 0;
    return leftMs > 0 && handedMs + leftMs > fromMs && handedMs + leftMs <= toMs;
  });
}

/** Numbers only: a tag may have the same name, and its value is a text. */
const times = /"(durationMs|overheadMs)":(\d+(?:\.\d+)?)/g;

/** The record of a call whose answer waited so long for it. */
export function withHeld(record: string, heldMs: number): string {
  if (heldMs === 0) return record;
  return record.replace(times, (_all, name: string, ms: string) => `"${name}":${toMicroseconds(Number(ms) + heldMs)}`);
}

const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
