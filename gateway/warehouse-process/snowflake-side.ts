/**
 * Snowflake in the warehouse process: a delivery of its own beside DuckDB's, and a warehouse to ask. Configured and taken away while the
 * process runs.
 *
 * Invariants:
 * - Nothing of Snowflake is loaded before it is configured.
 * - Nobody but a request for Snowflake ever waits for it: a driver that hangs costs its own delivery and its own answers.
 * - The old delivery gets a few seconds to end before the new one starts. One that does not is left behind: whatever it still writes goes
 *   through the same compare-and-set.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import type { SnowflakeDelivery } from '../../contract/snowflake.ts';
import { createBackOff } from '../delivery/back-off.ts';
import { beforeDelivery, type DeliveryState } from '../delivery/delivery-state.ts';
import { createDelivery, type Delivery } from '../delivery/delivery.ts';
import type { JournalReader } from '../journal/journal.ts';
import { openJournalReader } from '../journal/reader.ts';
import type { SnowflakeOrder } from '../warehouse/protocol.ts';
import type { SnowflakeAccess } from '../warehouse/snowflake/session.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { carefulWithLogins } from './login-care.ts';
import type * as SnowflakeParts from './snowflake-parts.ts';
import { log, tell } from './telling.ts';
import { withoutSample } from './without-sample.ts';

type Parts = typeof SnowflakeParts;

export interface SnowflakeInUse {
  readonly parts: Parts;
  readonly access: SnowflakeAccess;
  readonly installId: string;
  readonly warehouse: Warehouse;
  /** Null while delivery is switched off. */
  readonly delivery: Delivery | null;
  close(): Promise<void>;
}

const retireWithinMs = 5_000;
const maxBatchBytes = 8 * 1024 * 1024;
/** 33 s less at most an eleventh: nothing logs in more often than every 30 s once an outage lasts. */
const waits = { firstMs: 1_000, longestMs: 33_000, spread: 1 / 11 };

export class SnowflakeSide {
  readonly #dataDir: string;
  #current: Promise<SnowflakeInUse | null> = Promise.resolve(null);
  #delivery: Delivery | null = null;
  #failure: AppError | null = null; // why the present configuration is not in use

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  configure(generation: number, order: SnowflakeOrder | null): void {
    this.#failure = null;
    this.#current = this.#replace(this.#current, generation, order).catch((error: unknown) => {
      log.warn({ err: error }, 'SnowflakeNotConfigured');
      this.#failure = cannotStart(error);
      if (order !== null) void tell({ kind: 'snowflake', generation, state: notStarted(this.#failure) });
      return null;
    });
  }

  wake(): void {
    this.#delivery?.wake();
  }

  /** @throws AppError `snowflake_not_configured`, or `snowflake_error` when its parts could not be started */
  async inUse(): Promise<SnowflakeInUse> {
    const current = await this.#current;
    if (current !== null) return current;
    if (this.#failure !== null) throw this.#failure;
    throw new AppError(
      'snowflake_not_configured',
      'Snowflake is not configured: set it up in Settings, or with SNOWFLAKE_ACCOUNT.',
    );
  }

  /** @throws AppError `snowflake_not_configured` also when delivery is switched off */
  async sync(): Promise<null> {
    const { delivery } = await this.inUse();
    if (delivery === null)
      throw new AppError('snowflake_not_configured', 'Delivery to Snowflake is switched off in Settings.');
    await delivery.flush();
    return null;
  }

  /** Sends what waits for its time, unless Snowflake is known to be away; then ends, in order when that is quick. */
  async close(flushMs: number): Promise<void> {
    const phase = this.#delivery?.state().phase;
    if (flushMs > 0 && (phase === 'idle' || phase === 'sending'))
      await Promise.race([this.#delivery?.flush(), sleep(flushMs)]);
    this.configure(-1, null);
    await this.#current;
  }

  async #replace(
    before: Promise<SnowflakeInUse | null>,
    generation: number,
    order: SnowflakeOrder | null,
  ): Promise<SnowflakeInUse | null> {
    const previous = await before;
    this.#delivery = null;
    if (previous !== null) await Promise.race([previous.close().catch(tellLeftBehind), sleep(retireWithinMs)]);
    if (order === null) return null;
    const parts = await import('./snowflake-parts.ts');
    const inUse = startUsing(parts, order, generation, this.#dataDir);
    this.#delivery = inUse.delivery;
    return inUse;
  }
}

function cannotStart(error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('snowflake_error', `The Snowflake part of the gateway cannot be started: ${reason}`, {
    cause: error,
  });
}

/** Nothing is tried again by itself: what is missing in the installation does not come back. */
const notStarted = ({ message }: AppError): DeliveryState => ({
  ...beforeDelivery,
  phase: 'needs_attention',
  detail: message,
  lastError: message,
  action: 'Install the app again: a part of it is missing or does not fit this computer.',
});

const tellLeftBehind = (error: unknown): void => log.warn({ err: error }, 'SnowflakeNotClosed');

function startUsing(parts: Parts, order: SnowflakeOrder, generation: number, dataDir: string): SnowflakeInUse {
  const { settings, secrets, installId } = order;
  const access: SnowflakeAccess = { profile: settings.profile, secrets: () => secrets };
  const warehouse = parts.openSnowflakeWarehouse(access);
  const delivering = settings.delivery.enabled ? deliver(parts, access, settings.delivery, generation, dataDir) : null;
  return {
    parts,
    access,
    installId,
    warehouse,
    delivery: delivering?.delivery ?? null,
    close: async () => void (await Promise.all([delivering?.close(), warehouse.close()])),
  };
}

function deliver(
  parts: Parts,
  access: SnowflakeAccess,
  { intervalMinutes, maxRows }: SnowflakeDelivery,
  generation: number,
  dataDir: string,
): { readonly delivery: Delivery; readonly close: () => Promise<void> } {
  const source = withoutSample(openJournalReader(dataDir));
  const destination = parts.createSnowflakeDestination({
    open: parts.openSession,
    access,
    log,
    onProtocol: (protocol) => void tell({ kind: 'protocol', generation, protocol }),
  });
  const limits = { maxRows, maxBytes: maxBatchBytes };
  const delivery = createDelivery({
    source,
    destination: carefulWithLogins(destination),
    log,
    onState: (state) => void tell({ kind: 'snowflake', generation, state }),
    limits,
    pace: { ...limits, intervalMs: intervalMinutes * 60_000 },
    rememberedSeq: remembered(source, destination.name),
    coalesceMs: 1_000,
    backOff: createBackOff(waits.firstMs, waits.longestMs, { spread: waits.spread }),
  });
  const close = async (): Promise<void> => {
    await delivery.stop();
    source.close();
    await destination.close();
  };
  return { delivery, close };
}

/** A journal that cannot be read now is delivery's to report: it tries again. */
function remembered(source: JournalReader, name: string): number {
  try {
    return source.remembered(name);
  } catch (error) {
    log.warn({ err: error }, 'JournalNotRead');
    return 0;
  }
}
