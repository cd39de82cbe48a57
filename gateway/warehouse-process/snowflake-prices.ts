/**
 * New prices for the calls of this installation in Snowflake. A team's other gateways have price lists of their own: their rows are theirs.
 * Calls that wait to be delivered carry older prices, so they are sent first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { createBackOff } from '../delivery/back-off.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { PriceTarget } from '../warehouse/repricing/reprice-range.ts';
import { toAppError } from '../warehouse/snowflake/fault-answer.ts';
import type { SnowflakeSide } from './snowflake-side.ts';

/** With waits up to half a minute this outlasts the five minutes that Snowflake keeps the locks of a session that vanished. */
const attempts = 12;
const waits = { firstMs: 500, longestMs: 30_000 };

/** @throws AppError `snowflake_*` */
export async function withSnowflakePrices<T>(
  snowflake: SnowflakeSide,
  dryRun: boolean,
  work: (target: PriceTarget) => Promise<T>,
): Promise<T> {
  const { parts, access, installId, warehouse, delivery } = await snowflake.inUse();
  if (!dryRun && delivery !== null) await sendWaiting(delivery);
  const writer = parts.openPriceWriter(parts.openSession, access);
  try {
    return await work({
      warehouse,
      streams: `${installId}:`,
      write: (page, signal) => writer.write(page, signal),
      attempt: persistently,
    });
  } finally {
    await writer.close();
  }
}

async function sendWaiting(delivery: Delivery): Promise<void> {
  await delivery.flush();
  const { phase, detail, backlogRows } = delivery.state();
  if (phase === 'idle' || phase === 'sending') return;
  throw new AppError(
    'snowflake_unavailable',
    `${backlogRows} calls wait for Snowflake with older prices and could not be sent: ${detail}. Re-price when they are there.`,
  );
}

/** What passes by itself is waited out; the page is read anew each time, so nothing is done twice. */
export async function persistently<T>(page: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const backOff = createBackOff(waits.firstMs, waits.longestMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await page();
    } catch (error) {
      const told = toAppError(error);
      if (attempt === attempts || signal.aborted || !passes(told)) throw told;
      await sleep(backOff.next(), undefined, { signal }).catch(() => undefined); // an abort ends the wait; the walk says so
    }
  }
}

const passes = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'snowflake_unavailable' || error.code === 'timeout');
