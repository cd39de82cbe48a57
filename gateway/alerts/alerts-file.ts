/**
 * `alerts.json`: what was told outlives the process. A damaged file is set aside; while one cannot be read nobody knows what was told, so nothing
 * is; one that cannot be written costs a second telling at most.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileFaults } from '../file-faults.ts';
import { openKeptFile, type KeptFile, type KeptFileLog } from '../kept-file.ts';
import { AlertsMemory, noMemory } from './memory.ts';

export type AlertsLog = KeptFileLog;

export interface AlertsFile {
  /** @throws AppError `data_dir_unusable` while the file cannot be read */
  read(): AlertsMemory;
  isKnown(): boolean;
  onRead(listener: () => void): void;
  /** Resolves when the newest memory is on disk, or cannot be, or the disk has not answered for a while: people are told then all the same. */
  keep(memory: AlertsMemory): Promise<void>;
  stop(): void;
}

const patienceMs = 2_000;

export async function openAlertsFile(
  path: string,
  faults: Pick<FileFaults, 'note'>,
  log: AlertsLog,
): Promise<AlertsFile> {
  const meanwhile = 'Nobody is alerted until it can be, because it says who was told of what.';
  const file = await openKeptFile({ path, schema: AlertsMemory, meanwhile, faults, log });
  return new File(file, log);
}

class File implements AlertsFile {
  readonly #file: KeptFile<AlertsMemory>;
  readonly #log: AlertsLog;
  #written: string;
  #wanted: AlertsMemory | null = null;
  #writing: Promise<void> | null = null;
  #failing = false;

  constructor(file: KeptFile<AlertsMemory>, log: AlertsLog) {
    this.#file = file;
    this.#log = log;
    this.#written = file.isKnown() ? JSON.stringify(file.content()) : '';
  }

  read(): AlertsMemory {
    return this.#file.content() ?? noMemory;
  }

  isKnown(): boolean {
    return this.#file.isKnown();
  }

  onRead(listener: () => void): void {
    this.#file.onRead(listener);
  }

  async keep(memory: AlertsMemory): Promise<void> {
    this.#wanted = memory;
    this.#writing ??= this.#writeNewest().finally(() => {
      this.#writing = null;
    });
    await Promise.race([this.#writing, sleep(patienceMs, undefined, { ref: false })]);
  }

  stop(): void {
    this.#file.stop();
  }

  /** Never rejects; after a fault the next memory tries again. */
  async #writeNewest(): Promise<void> {
    for (let text = this.#text(); text !== this.#written; text = this.#text()) {
      try {
        await this.#file.write(this.#wanted ?? noMemory);
        this.#written = text;
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#log.warn({ err: error }, 'AlertsFileNotWritten');
        this.#failing = true;
        return;
      }
    }
  }

  #text(): string {
    return JSON.stringify(this.#wanted);
  }
}
