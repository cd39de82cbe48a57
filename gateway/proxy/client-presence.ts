/**
 * Whether the client is still there once it has ended its sending side. TCP does not tell a client that only sends no more from one that left:
 * both send a FIN. The first wants its answer, the second must not cost a generation that nobody reads.
 *
 * - A client that said this is its last request (`Connection: close`, HTTP/1.0) is answered, however long the answer takes to begin.
 * - Any other counts as gone unless something is written to it within a quarter of a second: a connection that takes that is alive, and
 *   one that does not is reset by the other side, which ends the call at once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const graceMs = 250;

export class ClientPresence {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #timer: NodeJS.Timeout | null = null;
  #writtenBefore = 0;

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req;
    this.#res = res;
  }

  watch(): void {
    this.#req.socket.on('end', this.#ended);
  }

  stop(): void {
    this.#req.socket.off('end', this.#ended);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Node itself ends a connection whose request is cut off in the middle. */
  readonly #ended = (): void => {
    if (!this.#req.complete) return;
    if (!this.#res.headersSent && !this.#res.shouldKeepAlive) return;
    this.#writtenBefore = this.#req.socket.bytesWritten;
    this.#timer ??= setTimeout(this.#judge, graceMs).unref();
  };

  readonly #judge = (): void => {
    this.#timer = null;
    const { socket } = this.#req;
    if (socket.bytesWritten === this.#writtenBefore) socket.destroy();
  };
}
