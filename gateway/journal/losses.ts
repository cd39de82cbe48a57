/**
 * Rows that could not be kept, at the cap of the journal or of memory: counted, told to those who show totals, and logged twice, when calls begin
 * to be lost and when they are recorded again, however many there are in between.
 */
export interface LossLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** At the cap some rows may still find room; so short a stretch of them is no end. */
const quietMs = 1_000;

export class Losses {
  readonly #log: LossLog;
  readonly #listeners = new Set<(rows: number) => void>();
  #rows = 0;
  #stretch: { readonly before: number; lastMs: number } | null = null;

  constructor(log: LossLog) {
    this.#log = log;
  }

  get rows(): number {
    return this.#rows;
  }

  /** @param rows negative when a row that was given up was kept after all; `why` in words for people */
  add(rows: number, why: () => string): void {
    if (rows === 0) return;
    const before = this.#rows;
    this.#rows += rows;
    for (const listener of this.#listeners) listener(rows);
    if (rows < 0) return;
    if (this.#stretch === null) this.#log.error({ detail: why() }, 'CallsNotRecorded');
    this.#stretch = { before: this.#stretch?.before ?? before, lastMs: performance.now() };
  }

  /** Rows are kept. */
  none(): void {
    if (this.#stretch !== null && performance.now() - this.#stretch.lastMs > quietMs) this.end();
  }

  /** Also when the journal stops. */
  end(): void {
    if (this.#stretch === null) return;
    this.#log.warn({ notRecorded: this.#rows - this.#stretch.before }, 'CallsRecordedAgain');
    this.#stretch = null;
  }

  onChange(listener: (rows: number) => void): void {
    this.#listeners.add(listener);
  }
}
