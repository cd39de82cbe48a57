const keptCap = 256 * 1024;
const keyCap = 64;

/** The kept part of the value being pruned and the key being read, both bounded. Bytes are copied, so no chunk stays referenced. */
export class KeptBytes {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;
  #overflow = false;
  readonly #key = Buffer.allocUnsafe(keyCap);
  #keyLength = 0;

  add(chunk: Buffer, from: number, to: number): void {
    if (this.#room(to - from)) this.#length += chunk.copy(this.#buffer, this.#length, from, to);
  }

  addText(text: string): void {
    if (this.#room(text.length * 3)) this.#length += this.#buffer.write(text, this.#length);
  }

  /** The text so far, or null when it went over the cap; then it starts anew. */
  take(): string | null {
    const text = this.#overflow ? null : this.#buffer.toString('utf8', 0, this.#length);
    this.#length = 0;
    this.#overflow = false;
    return text;
  }

  clearKey(): void {
    this.#keyLength = 0;
  }

  addKey(chunk: Buffer, from: number, to: number): void {
    if (this.#keyLength + to - from > keyCap) this.#keyLength = keyCap + 1;
    else this.#keyLength += chunk.copy(this.#key, this.#keyLength, from, to);
  }

  /** The key as it stands in the text; null when it is longer than any key we look for. */
  key(): string | null {
    return this.#keyLength > keyCap ? null : this.#key.toString('utf8', 0, this.#keyLength);
  }

  #room(extra: number): boolean {
    if (this.#length + extra > keptCap) this.#overflow = true;
    if (this.#overflow) return false;
    if (this.#length + extra > this.#buffer.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + extra));
      this.#buffer.copy(bigger, 0, 0, this.#length);
      this.#buffer = bigger;
    }
    return true;
  }
}
