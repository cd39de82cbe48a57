/** Runs `work` once, later; gives a way to call it off. */
export type Schedule = (work: () => void) => () => void;

/** A window that is hidden or covered is not painted; what it was told is taken up all the same. */
const atLatestMs = 250;

/** Before the next paint, or a little later where nothing is painted. */
export const beforePaint: Schedule = (work) => {
  const cancel = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const run = (): void => {
    cancel();
    work();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, atLatestMs);
  return cancel;
};
