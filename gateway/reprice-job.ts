/**
 * Re-pricing of history as the gateway manages it: one run at a time, in the background, with progress to look at and a way to end it. The work
 * is done by the warehouse process, page by page; what a run that ended early has changed stays changed, and the next one goes on.
 */
import { AppError } from '../contract/errors.ts';
import type { RepriceInput, RepriceState } from '../contract/prices.ts';
import type { Log } from './log.ts';
import { addTally, noRows, type RepriceTally } from './warehouse/repricing/tally.ts';
import type { WarehouseClient } from './warehouse/warehouse-client.ts';

export interface RepriceJob {
  /** @throws AppError `busy` while one runs, `bad_request` for an empty range, `snowflake_not_configured` */
  start(input: RepriceInput): RepriceState;
  state(): RepriceState;
  /** Ends the run that goes on, if any, after its page. */
  cancel(): RepriceState;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

export interface RepriceJobOptions {
  readonly warehouse: Pick<WarehouseClient, 'carryOut'>;
  readonly snowflakeConfigured: () => boolean;
  readonly log: Log;
}

type Engine = 'duckdb' | 'snowflake';

const places: Readonly<Record<Engine, string>> = { duckdb: 'on this machine', snowflake: 'in Snowflake' };

export function createRepriceJob(options: RepriceJobOptions): RepriceJob {
  return new Job(options);
}

class Job implements RepriceJob {
  readonly #options: RepriceJobOptions;
  #phase: RepriceState['phase'] = 'idle';
  #detail = 'No run since the gateway started';
  #input: RepriceInput | null = null;
  #tallies: Partial<Record<Engine, RepriceTally>> = {};
  #controller = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RepriceJobOptions) {
    this.#options = options;
  }

  start(input: RepriceInput): RepriceState {
    this.#check(input);
    this.#input = input;
    this.#phase = 'running';
    this.#detail = 'Counting calls';
    this.#tallies = {};
    this.#controller = new AbortController();
    this.#running = this.#run(input, this.#controller.signal);
    return this.state();
  }

  state(): RepriceState {
    const all = Object.values(this.#tallies).reduce(addTally, noRows);
    return {
      phase: this.#phase,
      input: this.#input,
      rowsSeen: all.rowsSeen,
      rowsTotal: all.rowsTotal,
      rowsChanged: all.rowsChanged,
      rowsKept: all.rowsKept,
      oldCostUsd: usdOf(all.oldNanoUsd),
      newCostUsd: usdOf(all.newNanoUsd),
      detail: this.#detail,
    };
  }

  cancel(): RepriceState {
    this.#controller.abort();
    return this.state();
  }

  stop(): Promise<void> {
    this.#controller.abort();
    return this.#running;
  }

  #check({ from, to, engine }: RepriceInput): void {
    if (this.#phase === 'running')
      throw new AppError('busy', 'Calls are being priced again already. Wait for the end of that run, or cancel it.');
    if (Date.parse(from) >= Date.parse(to))
      throw new AppError('bad_request', 'from: must be before to.', { field: 'from' });
    if (engine !== 'duckdb' && !this.#options.snowflakeConfigured())
      throw new AppError(
        'snowflake_not_configured',
        'Snowflake is not configured: set it up in Settings or with SNOWFLAKE_ACCOUNT, or choose the engine duckdb.',
        { field: 'engine' },
      );
  }

  /** Never rejects: how it ended is part of the state. */
  async #run(input: RepriceInput, signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    log.info({ ...input }, 'RepriceStarted');
    try {
      for (const engine of enginesOf(input)) await this.#runIn(engine, input, signal);
      this.#end('done', this.#told());
    } catch (error) {
      const cancelled = error instanceof AppError && error.code === 'cancelled';
      const why = error instanceof Error ? error.message : String(error);
      this.#end(cancelled ? 'cancelled' : 'failed', cancelled ? `Cancelled. ${this.#told()}` : why);
      if (!cancelled) log.warn({ err: error }, 'RepriceFailed');
    }
    log.info({ ...this.state() }, 'RepriceEnded');
  }

  async #runIn(engine: Engine, { from, to, dryRun }: RepriceInput, signal: AbortSignal): Promise<void> {
    const note = (tally: RepriceTally): void => {
      this.#tallies = { ...this.#tallies, [engine]: tally };
      this.#detail = `Pricing calls ${places[engine]}`;
    };
    const order = { engine, fromMs: Date.parse(from), toMs: Date.parse(to), dryRun };
    note(await this.#options.warehouse.carryOut('reprice', order, signal, note));
  }

  #end(phase: RepriceState['phase'], detail: string): void {
    this.#phase = phase;
    this.#detail = detail;
  }

  #told(): string {
    const verb = this.#input?.dryRun === true ? 'would change' : 'changed';
    const parts = Object.entries(this.#tallies).map(([engine, tally]) => toldOf(engine, tally, verb));
    return parts.length === 0 ? 'Nothing was changed.' : parts.join(' ');
  }
}

const enginesOf = ({ engine }: RepriceInput): readonly Engine[] =>
  engine === 'both' ? ['duckdb', 'snowflake'] : [engine];

function toldOf(engine: string, { rowsSeen, rowsChanged, rowsKept, rowsUnreadable }: RepriceTally, verb: string) {
  const where = engine === 'snowflake' ? places.snowflake : places.duckdb;
  return [
    `${rowsChanged} of ${rowsSeen} calls ${where} ${verb}.`,
    ...(rowsKept > 0 ? [`${rowsKept} keep a price that no list has any more.`] : []),
    ...(rowsUnreadable > 0 ? [`${rowsUnreadable} could not be read and were left as they are.`] : []),
  ].join(' ');
}

const usdOf = (nano: number | null): number | null => (nano === null ? null : nano / 1e9);
