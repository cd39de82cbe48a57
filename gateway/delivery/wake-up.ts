/** A sleep that an event can end early. A call while nobody sleeps is remembered, so no event falls between two sleeps. */
export class WakeUp {
  #called = false;
  #end: (() => void) | null = null;

  call(): void {
    this.#called = true;
    this.#end?.();
  }

  /** Resolves after `ms`, or at once when {@link call} was or is called; whether it was. */
  async sleep(ms: number): Promise<boolean> {
    if (!this.#called) await this.#untilCalledOr(ms);
    const called = this.#called;
    this.#called = false;
    return called;
  }

  #untilCalledOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#end = end;
    });
  }
}
