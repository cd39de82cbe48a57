/**
 * The time by which old calls are deleted. A clock that jumps (an empty battery, a bad time server, a virtual machine put back) must not delete what
 * is not old, so a jump ahead is doubted and the trusted time goes on from where it was, as the monotonic clock counts.
 *
 * The rule. Within a day a step is believed at once: it is the night that a laptop was closed. A longer one is believed when the clock has run on
 * with it for a day, or for a week where it is more than a month, or when a person says that it is right. Only time in which the gateway runs counts,
 * over restarts too. Set back, the clock is right at once: then less is deleted, never more. Pure.
 */
import { z } from 'zod';

export const ClockMemory = z.object({
  wallMs: z.number(), // when it was last looked at
  trustedMs: z.number(), // ≤ wallMs
  /** How long the clock has run on since the jump that is doubted; null while it is trusted. */
  doubtRanMs: z.number().nonnegative().nullable(),
});
export type ClockMemory = z.infer<typeof ClockMemory>;

export interface ClockLook {
  readonly wallMs: number;
  /** What the monotonic clock has counted since the last look; 0 over a restart. */
  readonly ranMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
export const believedStepMs = dayMs;
const monthMs = 31 * dayMs;

/** How long a clock so far ahead has to run on until it is believed. */
export const doubtMs = (aheadMs: number): number => (aheadMs <= monthMs ? dayMs : 7 * dayMs);

export const aheadMs = ({ wallMs, trustedMs }: ClockMemory): number => wallMs - trustedMs;

/** Far enough ahead that nobody was merely on holiday. */
export const isFarAhead = (memory: ClockMemory): boolean => aheadMs(memory) > monthMs;

/** @param newestMs start of the newest stored call; null when none is stored: then there is nothing to lose */
export function firstMemory(wallMs: number, newestMs: number | null): ClockMemory {
  const known = newestMs === null ? wallMs : Math.min(newestMs, wallMs);
  return look({ wallMs: known, trustedMs: known, doubtRanMs: null }, { wallMs, ranMs: 0 });
}

export function look(before: ClockMemory, { wallMs, ranMs }: ClockLook): ClockMemory {
  const step = wallMs - before.wallMs - ranMs;
  const trustedMs = Math.min(
    wallMs,
    before.trustedMs + ranMs + (Math.abs(step) <= believedStepMs ? Math.max(0, step) : 0),
  );
  const jumped = Math.abs(step) > believedStepMs;
  if (wallMs - trustedMs <= believedStepMs) return believed(wallMs);
  const doubtRanMs = jumped ? 0 : (before.doubtRanMs ?? 0) + ranMs;
  return doubtRanMs >= doubtMs(wallMs - trustedMs) ? believed(wallMs) : { wallMs, trustedMs, doubtRanMs };
}

export const believed = (wallMs: number): ClockMemory => ({ wallMs, trustedMs: wallMs, doubtRanMs: null });
