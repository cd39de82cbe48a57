/**
 * Stops and restarts one source for one consumer: who holds it also lets it go.
 *
 * A socket that is not read does not hear that the other side reset the connection. So while the source is held, nothing is written to its
 * socket once a second: the system answers a write of no bytes to a dead connection with an error, and sends nothing over a living one.
 */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

export interface BrakeOptions {
  /** Longest stretch without a release; `onStuck` is called once after it. */
  readonly longestMs: number;
  readonly onStuck: () => void;
}

const lookEveryMs = 1_000;
const nothing = Buffer.alloc(0);

export class Brake {
  readonly #source: Readable;
  readonly #socket: Socket;
  readonly #options: BrakeOptions | null;
  #held = false;
  #heldSince = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(source: Readable, socket: Socket, options: BrakeOptions | null = null) {
    this.#source = source;
    this.#socket = socket;
    this.#options = options;
  }

  hold(): void {
    if (!this.#held) this.#heldSince = performance.now();
    this.#held = true;
    this.#source.pause();
    // Left running through short holds: an upload stops and goes on many times a second.
    this.#timer ??= setTimeout(this.#look, this.#lookMs()).unref();
  }

  release(): void {
    this.#held = false;
    this.#source.resume();
  }

  /** No more looks at the socket. */
  done(): void {
    this.#held = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  readonly #look = (): void => {
    this.#timer = null;
    if (!this.#held || this.#socket.destroyed) return;
    if (this.#options !== null && performance.now() - this.#heldSince >= this.#options.longestMs)
      return this.#options.onStuck();
    if (this.#socket.writable) this.#socket.write(nothing); // one we have ended cannot be asked
    this.#timer = setTimeout(this.#look, this.#lookMs()).unref();
  };

  #lookMs(): number {
    return Math.min(lookEveryMs, this.#options?.longestMs ?? lookEveryMs);
  }
}
