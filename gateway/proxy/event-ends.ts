/**
 * Where the events of an SSE stream end, however it is cut: an event ends with an empty line, and a line with CR LF, LF or CR
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). An end is told at once: the LF that may follow a CR
 * is not waited for, because the last event of a stream would then wait for ever.
 */
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

type Place = 'in line' | 'line start' | 'after CR' | 'after CR of an event end';

export class EventEnds {
  #place: Place = 'line start';

  /**
   * Index after the next event that ends in `chunk` at or after `from`; null when none does. Every byte is passed once, in order: ask again from
   * the index until there is none. An LF that still belongs to the end of the event before, in another chunk, is told as an event of its own.
   */
  next(chunk: Buffer, from: number): number | null {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== lineFeed && byte !== carriageReturn) {
        this.#place = 'in line';
        at = lastOfLine(chunk, at);
      } else if (byte === lineFeed ? this.#feedEndsEvent() : this.#returnEndsEvent())
        return this.#withLineFeed(chunk, at + 1);
    }
    return null;
  }

  /** Whether an LF right after the end that was told last belongs to it. */
  mayGoOn(): boolean {
    return this.#place === 'after CR of an event end';
  }

  #feedEndsEvent(): boolean {
    const ends = this.#place === 'line start' || this.#place === 'after CR of an event end';
    this.#place = 'line start';
    return ends;
  }

  #returnEndsEvent(): boolean {
    const ends = this.#place !== 'in line';
    this.#place = ends ? 'after CR of an event end' : 'after CR';
    return ends;
  }

  #withLineFeed(chunk: Buffer, at: number): number {
    if (!this.mayGoOn() || chunk[at] !== lineFeed) return at;
    this.#place = 'line start';
    return at + 1;
  }
}

/** A loop over bytes: most lines are short, and a call of `indexOf` costs more than they do. */
function lastOfLine(chunk: Buffer, from: number): number {
  let at = from + 1;
  while (at < chunk.length && chunk[at] !== lineFeed && chunk[at] !== carriageReturn) at += 1;
  return at - 1;
}
