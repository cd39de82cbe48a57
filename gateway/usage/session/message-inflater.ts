/**
 * Unpacks the compressed messages of one direction of a WebSocket (RFC 7692, section 7.2.2) piece by piece, in order, on the thread pool. Memory is
 * bounded: by what may wait, and because nothing unpacked is kept. A message that unpacks to more than the limit ends the reading.
 */
import { createInflateRaw, type InflateRaw } from 'node:zlib';

/** Sound arrives in pieces of some kilobytes, and no usage is anywhere near. */
const longestMessage = 16 * 1024 * 1024;
/** Compressed bytes that may wait; beyond it reading is given up rather than memory. */
const backlogCap = 4 * 1024 * 1024;
/** What a sender takes away from the end of each message. */
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export interface InflaterOptions {
  /** Each message begins anew: `…_no_context_takeover`. */
  readonly forgetsContext: boolean;
  readonly onPiece: (bytes: Buffer) => void;
  readonly onMessageEnd: () => void;
}

/** Bytes of a message; null = its end. Messages that are not compressed wait their turn, too. */
interface Step {
  readonly bytes: Buffer | null;
  readonly isCompressed: boolean;
}

export class MessageInflater {
  readonly #options: InflaterOptions;
  readonly #waiting: Step[] = [];
  #waitingBytes = 0;
  #messageBytes = 0;
  #engine: InflateRaw | null = null;
  #isBusy = false;
  #failed = false;
  #onIdle: (() => void) | null = null;

  constructor(options: InflaterOptions) {
    this.#options = options;
  }

  failed(): boolean {
    return this.#failed;
  }

  write(bytes: Buffer, isCompressed: boolean): void {
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > backlogCap) this.#fail();
    else this.#add({ bytes, isCompressed });
  }

  endMessage(isCompressed: boolean): void {
    this.#add({ bytes: null, isCompressed });
  }

  /** Resolves when everything written was handed over, or nothing more can be; nothing may be written after it. */
  async settle(): Promise<void> {
    if (this.#isBusy) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#drop();
  }

  #add(step: Step): void {
    if (this.#failed) return;
    this.#waiting.push(step);
    if (!this.#isBusy) this.#goOn();
  }

  /** Takes what waits until the thread pool has something to do. */
  #goOn(): void {
    this.#isBusy = true;
    for (let step = this.#waiting.shift(); step !== undefined; step = this.#waiting.shift()) {
      this.#waitingBytes -= step.bytes?.length ?? 0;
      if (step.isCompressed) return this.#inflate(step.bytes);
      if (step.bytes === null) this.#options.onMessageEnd();
      else this.#options.onPiece(step.bytes);
    }
    this.#isBusy = false;
    this.#onIdle?.();
  }

  #inflate(bytes: Buffer | null): void {
    const engine = (this.#engine ??= this.#start());
    if (bytes !== null) {
      engine.write(bytes, () => this.#failed || this.#goOn());
      return;
    }
    engine.write(tail);
    engine.flush(() => this.#endOfMessage());
  }

  #endOfMessage(): void {
    if (this.#failed) return;
    this.#messageBytes = 0;
    this.#options.onMessageEnd();
    if (this.#engine?.readableEnded === true) this.#drop(); // the sender closed its stream of blocks
    else if (this.#options.forgetsContext) this.#engine?.reset();
    this.#goOn();
  }

  #start(): InflateRaw {
    const engine = createInflateRaw();
    engine.on('error', () => this.#fail());
    engine.on('data', (bytes: Buffer) => {
      if (this.#failed) return;
      this.#messageBytes += bytes.length;
      if (this.#messageBytes > longestMessage) this.#fail();
      else this.#options.onPiece(bytes);
    });
    return engine;
  }

  #fail(): void {
    this.#failed = true;
    this.#waiting.length = 0;
    this.#drop();
    this.#isBusy = false;
    this.#onIdle?.();
  }

  #drop(): void {
    this.#engine?.destroy();
    this.#engine = null;
  }
}
