/** The warehouse process as the gateway sees it: questions, health, deliveries, and what an administrator does with Snowflake. */
import type { QuestionAnswer, QuestionName } from '../../contract/analytics.ts';
import type { WarehouseHealth } from '../../contract/gateway-api.ts';
import type { SnowflakeHealth } from '../../contract/snowflake.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';
import type { LockId } from '../journal/lock.ts';
import { describeMissing, type MissingHistory } from './missing-history.ts';
import type { NewRequest, OnProgress } from './pending-requests.ts';
import type { SnowflakeOrder, Work, WorkKind } from './protocol.ts';
import { describeSnowflake } from './snowflake-health.ts';
import { Supervisor, type ProcessNews, type SupervisorLog, type Timing } from './supervisor.ts';
import { describeHealth } from './warehouse-health.ts';

/** What can be asked for by kind; questions have a method of their own, because their answers depend on their name. */
export type Task = Exclude<WorkKind, 'ask'>;
export type DestinationName = 'duckdb' | 'snowflake';

export interface WarehouseClient {
  /**
   * The answer of one question. @throws AppError `bad_request` (field named), `cancelled`, `timeout`, `warehouse_unavailable` when the
   * process is down, dies meanwhile or does not react, and for Snowflake `snowflake_*`.
   */
  ask<K extends QuestionName>(name: K, query: unknown, signal?: AbortSignal): Promise<QuestionAnswer<K>>;
  /** `onProgress` is told where a task tells it. @throws AppError like {@link ask} */
  carryOut<K extends Task>(
    task: K,
    input: Work[K]['input'],
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Work[K]['answer']>;
  /** The data directory is another one since a moment, and it is ours: the next process opens what is there. */
  claimedAgain(lock: LockId): void;
  /** Removes sample rows from the embedded warehouse; how many. Remove them from the journal first. */
  removeSample(): Promise<number>;
  /** New rows are in the journal. */
  wake(): void;
  /** Delivers to this Snowflake and asks it from now on; null ends both. Nothing happens when it is the one already configured. */
  configureSnowflake(order: SnowflakeOrder | null): void;
  health(): WarehouseHealth;
  snowflakeHealth(): SnowflakeHealth;
  /** Told when a destination durably holds everything up to `seq`. */
  onDelivered(listener: (destination: DestinationName, seq: number) => void): () => void;
  /** Sends what waits for its time, within about ten seconds, and ends the process. */
  stop(): Promise<void>;
}

export interface WarehouseOptions {
  readonly dataDir: string;
  /** Module of the warehouse process. */
  readonly entry: URL;
  readonly log: SupervisorLog;
  readonly timing?: Partial<Timing>;
  /** The lock of the data directory. Default: nobody locks it. */
  readonly lock?: LockId | null;
}

/** How long a clean stop waits for rows to leave for Snowflake; what is not sent by then stays in the journal. */
export const flushMs = 10_000;

export function startWarehouse(options: WarehouseOptions): WarehouseClient {
  const client = new Client(options);
  client.start();
  return client;
}

/** Counts of a process that begins again at 0 when it is restarted. */
class Total {
  #ended = 0;
  #current = 0;

  count(current: number): void {
    if (current < this.#current) this.#ended += this.#current;
    this.#current = current;
  }

  get sum(): number {
    return this.#ended + this.#current;
  }
}

class Client implements WarehouseClient {
  readonly #supervisor: Supervisor;
  readonly #listeners = new Set<(destination: DestinationName, seq: number) => void>();
  readonly #deliveredRows = new Total();
  readonly #parkedRows = new Total();
  #duckdb: DeliveryState | null = null;
  #snowflake: DeliveryState | null = null;
  #protocol: 'procedure' | 'guarded' | null = null;
  #order: SnowflakeOrder | null = null;
  #generation = 0;
  #missing: readonly MissingHistory[] = [];
  #wakeSent = false;
  #lock: LockId | null;

  constructor({ dataDir, entry, log, timing, lock = null }: WarehouseOptions) {
    this.#lock = lock;
    this.#supervisor = new Supervisor({
      entry,
      log,
      timing,
      firstWords: (suspect) => [{ kind: 'start', dataDir, lock: this.#lock, suspect }, ...this.#configuration()],
      onNews: (news) => this.#hear(news),
    });
  }

  start(): void {
    this.#supervisor.start();
  }

  async ask<K extends QuestionName>(name: K, query: unknown, signal?: AbortSignal): Promise<QuestionAnswer<K>> {
    return (await this.#request({ kind: 'ask', input: { name, query } }, signal)) as QuestionAnswer<K>; // shaped by analytics/ in our own child
  }

  async carryOut<K extends Task>(
    task: K,
    input: Work[K]['input'],
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Work[K]['answer']> {
    // The compiler does not follow a kind and its input through a union; `Work` ties both ends, here and in the child's handlers.
    return (await this.#request({ kind: task, input } as NewRequest, signal, onProgress)) as Work[K]['answer'];
  }

  claimedAgain(lock: LockId): void {
    this.#lock = lock;
  }

  removeSample(): Promise<number> {
    return this.carryOut('removeSample', null);
  }

  /** At most one wake-up in 10 ms reaches the child, and none while it is silent: its own timer finds the rows. */
  wake(): void {
    if (this.#wakeSent || this.#supervisor.process.phase !== 'open') return;
    this.#wakeSent = true;
    setTimeout(() => {
      this.#wakeSent = false;
      this.#supervisor.send({ kind: 'wake' });
    }, 10).unref();
  }

  configureSnowflake(order: SnowflakeOrder | null): void {
    if (JSON.stringify(order) === JSON.stringify(this.#order)) return;
    this.#order = order;
    this.#generation += 1;
    this.#snowflake = null;
    this.#protocol = null;
    for (const message of this.#configuration()) this.#supervisor.send(message);
  }

  health(): WarehouseHealth {
    return describeHealth(this.#supervisor.process, this.#duckdb, describeMissing(this.#missing, Date.now()));
  }

  snowflakeHealth(): SnowflakeHealth {
    return describeSnowflake({
      settings: this.#order?.settings ?? null,
      process: this.#supervisor.process,
      delivery: this.#snowflake,
      protocol: this.#protocol,
      deliveredRows: this.#deliveredRows.sum,
      parkedRows: this.#parkedRows.sum,
    });
  }

  onDelivered(listener: (destination: DestinationName, seq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): Promise<void> {
    return this.#supervisor.stop(this.#order?.settings.delivery.enabled === true ? flushMs : 0);
  }

  #request(request: NewRequest, signal: AbortSignal | undefined, onProgress?: OnProgress): Promise<unknown> {
    return this.#supervisor.request(request, () => this.health().detail, signal, onProgress);
  }

  #configuration() {
    return this.#generation === 0
      ? []
      : [{ kind: 'configure', generation: this.#generation, snowflake: this.#order } as const];
  }

  #hear(news: ProcessNews): void {
    switch (news.kind) {
      case 'opened':
        this.#duckdb = null; // what an earlier process had reached may be gone with its file
        return;
      case 'missing':
        this.#missing = news.missing;
        return;
      case 'state':
        this.#tellMoved('duckdb', this.#duckdb, news.state);
        this.#duckdb = news.state;
        return;
      case 'snowflake':
        return this.#hearSnowflake(news.generation, news.state);
      case 'protocol':
        if (news.generation === this.#generation) this.#protocol = news.protocol;
    }
  }

  /** What a configuration said that has been replaced since is old news. */
  #hearSnowflake(generation: number, state: DeliveryState): void {
    if (generation !== this.#generation) return;
    this.#deliveredRows.count(state.deliveredRows);
    this.#parkedRows.count(state.parkedRows);
    this.#tellMoved('snowflake', this.#snowflake, state);
    this.#snowflake = state;
  }

  #tellMoved(destination: DestinationName, before: DeliveryState | null, now: DeliveryState): void {
    const moved = now.deliveredSeq !== before?.deliveredSeq || now.streamId !== before.streamId;
    if (!moved || now.streamId === null) return;
    for (const listener of this.#listeners) listener(destination, now.deliveredSeq);
  }
}
