/**
 * Keeps the trusted time (trusted-clock.ts) for this data directory, in `clock.json`. While nobody knows it yet, at the first start of a version that
 * has the file or while the disk does not answer, nothing is deleted for its age.
 */
import { machineZone } from '../contract/machine-zone.ts';
import type { ClockHealth } from '../contract/gateway-api.ts';
import type { FileFaults } from './file-faults.ts';
import { openKeptFile, type KeptFile, type KeptFileLog } from './kept-file.ts';
import { aheadMs, believed, ClockMemory, doubtMs, firstMemory, isFarAhead, look } from './trusted-clock.ts';

export interface ClockGuard {
  /** The time to delete by, epoch ms; null while it is unknown. */
  trustedMs(): number | null;
  /** Why the clock is not trusted, in sentences; null while it is. */
  doubt(): string | null;
  /** @param others what else is wrong with times */
  health(...others: readonly (string | null)[]): ClockHealth;
  /** A person says that the clock is right. */
  confirm(): Promise<void>;
  /** Called when the clock was believed after a doubt. */
  onBelieved(listener: () => void): void;
  stop(): Promise<void>;
}

export interface ClockGuardOptions {
  readonly path: string;
  readonly faults: Pick<FileFaults, 'note'>;
  readonly log: KeptFileLog;
  /** Start of the newest stored call; asked once, where there is no file. Rejects while nobody can say. */
  readonly newestCall: () => Promise<number | null>;
  readonly wall?: () => number;
  readonly monotonic?: () => number;
  readonly lookMs?: number;
}

const lookEveryMs = 60_000;
const keepEveryMs = 10 * 60_000;

export async function startClockGuard(options: ClockGuardOptions): Promise<ClockGuard> {
  const { path, faults, log } = options;
  const meanwhile = 'No call is deleted for its age until it can be, because it says how far the clock can be trusted.';
  return new Guard(options, await openKeptFile({ path, schema: ClockMemory, meanwhile, faults, log }));
}

class Guard implements ClockGuard {
  readonly #options: ClockGuardOptions;
  readonly #file: KeptFile<ClockMemory>;
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  readonly #listeners: (() => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #memory: ClockMemory | null = null;
  #lookedMs: number; // monotonic
  #keptMs = -Infinity; // monotonic
  #asking = false;

  constructor(options: ClockGuardOptions, file: KeptFile<ClockMemory>) {
    this.#options = options;
    this.#file = file;
    this.#wall = options.wall ?? Date.now;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#lookedMs = this.#monotonic();
    file.onRead(() => this.#begin());
    this.#begin();
    this.#timer = setInterval(() => this.#tick(), options.lookMs ?? lookEveryMs).unref();
  }

  trustedMs(): number | null {
    return this.#look()?.trustedMs ?? null;
  }

  doubt(): string | null {
    const memory = this.#look();
    return memory === null || memory.doubtRanMs === null ? null : doubtWords(memory);
  }

  health(...others: readonly (string | null)[]): ClockHealth {
    const zone = machineZone(process.env['TZ']);
    const memory = this.#look();
    const doubt = this.doubt();
    const problems = [zone.problem, ...others].filter((text) => text !== null);
    const isBad = problems.length > 0 || (memory !== null && isFarAhead(memory));
    const words = doubt === null ? problems : [...problems, doubt];
    return {
      state: isBad ? 'degraded' : 'ok',
      detail: words.length === 0 ? `Days begin at midnight in ${zone.name}.` : words.join(' '),
      timeZone: zone.name,
      zoneUnknown: zone.problem !== null,
      trustedAt: memory === null ? null : new Date(memory.trustedMs).toISOString(),
      doubted: doubt !== null,
    };
  }

  async confirm(): Promise<void> {
    if (this.#memory !== null) this.#take(believed(this.#wall()));
    await this.#keep();
  }

  onBelieved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#file.stop();
    this.#look();
    await this.#keep();
  }

  #begin(): void {
    if (!this.#file.isKnown()) return;
    const kept = this.#file.content();
    if (kept !== null) this.#take(look(kept, { wallMs: this.#wall(), ranMs: 0 }));
    else void this.#askNewest();
  }

  #tick(): void {
    if (this.#memory === null && this.#file.isKnown()) void this.#askNewest();
    this.#look();
    if (this.#monotonic() - this.#keptMs >= keepEveryMs) void this.#keep();
  }

  async #askNewest(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const newestMs = await this.#options.newestCall();
      if (this.#memory === null) this.#take(firstMemory(this.#wall(), newestMs));
      await this.#keep();
    } catch {
      // The warehouse cannot say yet; the next tick asks again, and until then nothing is deleted.
    } finally {
      this.#asking = false;
    }
  }

  #look(): ClockMemory | null {
    if (this.#memory === null) return null;
    const ranMs = this.#monotonic() - this.#lookedMs;
    return this.#take(look(this.#memory, { wallMs: this.#wall(), ranMs }));
  }

  #take(memory: ClockMemory): ClockMemory {
    const before = this.#memory;
    this.#memory = memory;
    this.#lookedMs = this.#monotonic();
    const wasDoubted = before !== null && before.doubtRanMs !== null;
    const isDoubted = memory.doubtRanMs !== null;
    if (isDoubted === wasDoubted) return memory;
    const fields = { aheadDays: days(aheadMs(isDoubted ? memory : (before ?? memory))) };
    if (isDoubted) this.#options.log.warn(fields, 'ClockDoubted');
    else this.#options.log.info(fields, 'ClockBelieved');
    if (!isDoubted) for (const listener of this.#listeners) listener();
    void this.#keep();
    return memory;
  }

  /** Never rejects: a kept time that is older than the truth only makes the next start doubt more. */
  async #keep(): Promise<void> {
    if (this.#memory === null || !this.#file.isKnown()) return;
    this.#keptMs = this.#monotonic();
    try {
      await this.#file.write(this.#memory);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'ClockFileNotWritten');
    }
  }
}

const hourMs = 3_600_000;
const days = (ms: number): number => Math.round(ms / (24 * hourMs));

function doubtWords(memory: ClockMemory): string {
  const ahead = aheadMs(memory);
  const leftHours = Math.max(1, Math.ceil((doubtMs(ahead) - (memory.doubtRanMs ?? 0)) / hourMs));
  const left = leftHours >= 48 ? `${Math.ceil(leftHours / 24)} days` : `${leftHours} hours`;
  const at = new Date(memory.trustedMs).toISOString().slice(0, 10);
  return (
    `The clock is ${days(ahead)} days ahead of what was known until now (${at}). No call is deleted for being old by it until it has run on for ` +
    `${left} more, or somebody confirms it.`
  );
}
