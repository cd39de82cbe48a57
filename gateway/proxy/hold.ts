/**
 * P2 and P3: what completes a response waits for its row, but never longer than `holdMs`.
 * `release` is called once; `late` = the row was not durable yet.
 */
export function holdFor(durable: Promise<void>, holdMs: number, release: (late: boolean) => void): void {
  let held = true;
  const letGo = (late: boolean): void => {
    if (!held) return;
    held = false;
    clearTimeout(timer);
    release(late);
  };
  const timer = setTimeout(letGo, holdMs, true);
  void durable.then(() => letGo(false));
}
