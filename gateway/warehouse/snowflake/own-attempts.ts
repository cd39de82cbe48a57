/**
 * Positions that attempts of ours with an unknown outcome would move streams to. Such an attempt may still land, seconds after its session
 * was given up; a position found there is then our own doing and no second writer's. Forgotten once the stream has moved past them.
 */
export class OwnAttempts {
  readonly #unsettled = new Map<string, Set<number>>();

  /** The outcome of moving `streamId` to `to` is not known. */
  unknown(streamId: string, to: number): void {
    const known = this.#unsettled.get(streamId);
    if (known === undefined) this.#unsettled.set(streamId, new Set([to]));
    else known.add(to);
  }

  /** Attempts that began before this position can land no more: their compare-and-set misses. */
  stored(streamId: string): void {
    this.#unsettled.delete(streamId);
  }

  isOwn(streamId: string, position: number): boolean {
    return this.#unsettled.get(streamId)?.has(position) ?? false;
  }
}
