/**
 * Reading on after the client left, to learn what the provider will charge for: the usage often stands at the end. Off unless `drainMs` is set,
 * because some providers stop generating, and charging, when their connection closes.
 *
 * Invariants: a drain ends after `drainMs` or `drainCapBytes`, whichever is first; nothing it reads is kept or sent on; it is no call in flight,
 * so stopping does not wait for it.
 */
import type { Slotted } from './running-calls.ts';
import { RunningCalls } from './running-calls.ts';

export const drainCapBytes = 1024 * 1024;
/** Clients that leave faster than drains end would otherwise pile up connections. */
const mostAtOnce = 100;

/** `complete`: the response ended; the others say what ended the drain before it. */
export const drainEnds = ['complete', 'timeout', 'too_large', 'upstream_failed', 'stopping'] as const;
export type DrainEnd = (typeof drainEnds)[number];

export interface DrainCounter {
  count(end: DrainEnd): void;
  totals(): Readonly<Record<DrainEnd, number>>;
}

export function createDrainCounter(): DrainCounter {
  const totals = { complete: 0, timeout: 0, too_large: 0, upstream_failed: 0, stopping: 0 };
  return {
    count(end) {
      totals[end] += 1;
    },
    totals: () => ({ ...totals }),
  };
}

/** What a drain is part of: told once, when nothing more will be read. Resolves when the row is durable. */
export type LetGo = () => Promise<void>;

export class Drain implements Slotted {
  slot = -1;
  readonly #owner: Drains;
  readonly #letGo: LetGo;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;

  constructor(owner: Drains, drainMs: number, letGo: LetGo) {
    this.#owner = owner;
    this.#letGo = letGo;
    this.#timer = setTimeout(() => void this.end('timeout'), drainMs);
  }

  /** Whether this piece is within the cap; a drain beyond it has ended. */
  takes(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes <= drainCapBytes) return true;
    void this.end('too_large');
    return false;
  }

  end(why: DrainEnd): Promise<void> {
    clearTimeout(this.#timer);
    this.#owner.ended(this, why);
    return this.#letGo();
  }
}

/** The drains of one proxy. */
export class Drains {
  readonly #drainMs: number;
  readonly #counter: Pick<DrainCounter, 'count'> | undefined;
  readonly #running = new RunningCalls<Drain>();

  constructor(drainMs: number, counter: Pick<DrainCounter, 'count'> | undefined) {
    this.#drainMs = drainMs;
    this.#counter = counter;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Null when draining is off, or too many run. */
  begin(letGo: LetGo): Drain | null {
    if (this.#drainMs === 0 || this.#running.size >= mostAtOnce) return null;
    const drain = new Drain(this, this.#drainMs, letGo);
    this.#running.add(drain);
    return drain;
  }

  ended(drain: Drain, why: DrainEnd): void {
    this.#running.remove(drain);
    this.#counter?.count(why);
  }

  /** Ends them all; resolves when their rows are durable. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.all().map((drain) => drain.end('stopping')));
  }
}
