/**
 * The fleet's questions, asked of Snowflake by main itself. Logging in takes a second and an open session costs nothing, so the pool stays for
 * five idle minutes; then it goes, like at every change of the settings.
 */
import type { QuestionAnswer, QuestionName, QuestionQuery } from '../contract/analytics.ts';
import { AppError } from '../contract/errors.ts';
import type { Source } from './analytics.ts';
import type { SnowflakeAccount } from './snowflake-form.ts';

/** A pool of sessions that answers questions. */
export interface SnowflakePool extends Source {
  close(): Promise<void>;
}

export interface SnowflakeSourceOptions {
  readonly account: () => SnowflakeAccount | null;
  /** Loads the driver, too: nothing of it is in memory before the first question. */
  readonly open: (account: SnowflakeAccount) => Promise<SnowflakePool>;
  readonly idleMs?: number;
}

const defaultIdleMs = 5 * 60_000;

export class SnowflakeSource implements Source {
  readonly #options: SnowflakeSourceOptions;
  readonly #running = new Map<string, AbortController>();
  #pool: Promise<SnowflakePool> | null = null;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: SnowflakeSourceOptions) {
    this.#options = options;
  }

  /** @throws AppError `cancelled` when a newer question of the same panel came, or the settings changed */
  async answer<K extends QuestionName>(
    name: K,
    query: QuestionQuery<K>,
    left: AbortSignal,
  ): Promise<QuestionAnswer<K>> {
    const panel = panelOf(name, query);
    this.#running.get(panel)?.abort();
    const turn = new AbortController();
    this.#running.set(panel, turn);
    clearTimeout(this.#idleTimer);
    try {
      const pool = await this.#opened();
      if (turn.signal.aborted) throw new AppError('cancelled', 'A newer question took the place of this one.');
      return await pool.answer(name, query, AbortSignal.any([left, turn.signal]));
    } finally {
      if (this.#running.get(panel) === turn) this.#running.delete(panel);
      if (this.#running.size === 0) this.#closeWhenIdle();
    }
  }

  /** Ends running questions and all sessions; the next question opens new ones, with what is configured then. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const turn of this.#running.values()) turn.abort();
    this.#running.clear();
    const pool = this.#pool;
    this.#pool = null;
    await (await pool?.catch(() => null))?.close(); // whoever asked has heard why it did not open
  }

  #opened(): Promise<SnowflakePool> {
    if (this.#pool !== null) return this.#pool;
    const account = this.#options.account();
    if (account === null) throw new AppError('snowflake_not_configured', 'Snowflake is not configured.');
    const pool = this.#options.open(account);
    this.#pool = pool;
    pool.catch(() => {
      if (this.#pool === pool) this.#pool = null; // the next question tries again
    });
    return pool;
  }

  #closeWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.close(), this.#options.idleMs ?? defaultIdleMs);
    this.#idleTimer.unref();
  }
}

const navigated = new Set(['range', 'from', 'to', 'tz', 'filter', 'bucket', 'source']);

/**
 * What of a question stays while a person looks at other periods or filters: that tells one panel of the page from another, and a newer
 * question of the same panel makes the older one pointless.
 */
function panelOf<K extends QuestionName>(name: K, query: QuestionQuery<K>): string {
  const fixed = Object.entries(query).filter(([field]) => !navigated.has(field));
  return JSON.stringify([name, fixed.toSorted(([a], [b]) => a.localeCompare(b))]);
}
