/**
 * Updates of the app: off until a person switches them on.
 *
 * Invariants
 * - While the mode is `off`, the source is never touched: no request is made and nothing is loaded.
 * - Nothing is downloaded or installed but on request. One step at a time.
 */
import type { UpdateState } from '../../contract/app-settings.ts';
import { AppError } from '../../contract/errors.ts';
import { updateFault } from './update-faults.ts';
import type { UpdateSource } from './update-source.ts';

export interface UpdatesParts {
  readonly unsupported: string | null;
  readonly version: string;
  readonly mode: () => UpdateState['mode'];
  readonly saveMode: (mode: UpdateState['mode']) => Promise<void>;
  readonly source: UpdateSource;
  readonly tell: (state: UpdateState) => void;
  readonly times?: UpdateTimes;
}

export interface UpdateTimes {
  readonly firstLookMs: number; // after the start: the app has better things to do at first
  readonly everyMs: number;
}

const defaultTimes: UpdateTimes = { firstLookMs: 30_000, everyMs: 24 * 3_600_000 };

type Step = Omit<UpdateState, 'mode' | 'unsupported'>;

export class Updates {
  readonly #parts: UpdatesParts;
  readonly #times: UpdateTimes;
  #step: Step;
  #timer: NodeJS.Timeout | null = null;
  #downloading = new AbortController();

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    this.#times = parts.times ?? defaultTimes;
    this.#step = { phase: 'idle', version: null, percent: null, detail: this.#idleWords(), checkedAt: null };
  }

  state(): UpdateState {
    const { mode, unsupported } = this.#parts;
    return { mode: mode(), unsupported, ...this.#step };
  }

  start(): void {
    this.#lookIn(this.#times.firstLookMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#downloading.abort();
  }

  /** @throws AppError `not_supported_here` when switched on where it cannot be */
  async saveMode(mode: UpdateState['mode']): Promise<UpdateState> {
    if (mode === 'check') this.#assertSupported();
    await this.#parts.saveMode(mode);
    this.stop();
    const keeps = mode === 'check' && this.#step.phase === 'ready';
    if (!keeps) this.#set({ phase: 'idle', version: null, percent: null, detail: this.#idleWords() });
    if (mode === 'check') this.#lookIn(0);
    return this.state();
  }

  /** @throws AppError while updates are off or cannot be */
  async check(): Promise<UpdateState> {
    this.#assertOn();
    if (['checking', 'downloading', 'ready'].includes(this.#step.phase)) return this.state();
    this.#set({ phase: 'checking', detail: 'Looking for a newer version.' });
    try {
      this.#found(await this.#parts.source.look());
    } catch (error) {
      if (this.#parts.mode() === 'check') this.#set({ phase: 'failed', detail: updateFault(error), percent: null });
    }
    return this.state();
  }

  /** Downloads what was found; when it is there, restarts into it. @throws AppError while there is nothing to install */
  async install(): Promise<UpdateState> {
    this.#assertOn();
    const { phase, version } = this.#step;
    if (phase === 'ready') this.#restart();
    else if (version !== null && (phase === 'available' || phase === 'failed')) await this.#download(version);
    else if (phase !== 'downloading') throw new AppError('bad_request', 'No newer version was found yet.');
    return this.state();
  }

  #found(version: string | null): void {
    if (this.#parts.mode() === 'off') return; // switched off while the answer was under way
    const checkedAt = new Date().toISOString();
    const detail = version === null ? `${this.#parts.version} is the newest version.` : `Version ${version} is there.`;
    this.#set({ phase: version === null ? 'none' : 'available', version, percent: null, detail, checkedAt });
  }

  async #download(version: string): Promise<void> {
    this.#downloading = new AbortController();
    const { signal } = this.#downloading;
    this.#set({ phase: 'downloading', percent: 0, detail: `Downloading ${version}.` });
    try {
      await this.#parts.source.download((percent) => this.#progress(percent), signal);
      if (signal.aborted) return;
      this.#set({ phase: 'ready', percent: null, detail: `Version ${version} is downloaded. A restart installs it.` });
    } catch (error) {
      if (!signal.aborted) this.#set({ phase: 'failed', percent: null, detail: updateFault(error) });
    }
  }

  /** Whole percents only: the page hears of each of them. */
  #progress(percent: number): void {
    const whole = Math.floor(Math.min(100, Math.max(0, percent)));
    if (this.#step.phase === 'downloading' && whole !== this.#step.percent) this.#set({ percent: whole });
  }

  #restart(): void {
    try {
      this.#parts.source.restart();
    } catch (error) {
      this.#set({ phase: 'failed', percent: null, detail: updateFault(error) });
    }
  }

  #lookIn(ms: number): void {
    if (this.#parts.unsupported !== null || this.#parts.mode() === 'off') return;
    this.#timer = setTimeout(() => {
      this.#lookIn(this.#times.everyMs);
      void this.check();
    }, ms);
    this.#timer.unref();
  }

  #assertSupported(): void {
    const { unsupported } = this.#parts;
    if (unsupported !== null) throw new AppError('not_supported_here', unsupported);
  }

  #assertOn(): void {
    this.#assertSupported();
    if (this.#parts.mode() === 'off') throw new AppError('bad_request', 'Updates are off: switch them on first.');
  }

  #idleWords(): string {
    if (this.#parts.unsupported !== null) return this.#parts.unsupported;
    return this.#parts.mode() === 'off' ? 'Updates are off. No request is made.' : 'Not looked yet.';
  }

  #set(change: Partial<Step>): void {
    this.#step = { ...this.#step, ...change };
    this.#parts.tell(this.state());
  }
}
