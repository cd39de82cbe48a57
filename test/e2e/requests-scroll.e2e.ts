/** Scrolling through very many stored calls (acceptance item 15), in the real app over a real warehouse. */
import { chmod } from 'node:fs/promises';
import { generateWarehouse } from '../helpers/generated-rows.ts';
import { expect, test, untilRunning } from './fixtures.ts';

const rows = 100_000;

interface Scrolled {
  readonly frames: number;
  readonly longestBlankMs: number;
  readonly reachedRow: number;
}

test('100,000 rows are scrolled through, and no frame without rows lasts 100 ms (item 15)', async ({
  launch,
  dataDir,
}) => {
  test.setTimeout(180_000);
  await generateWarehouse(dataDir, { rows, toMs: Date.now() - 3_600_000, days: 0.75 });
  await chmod(dataDir, 0o700);
  const { page, pageErrors } = await launch();
  await untilRunning(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Requests', exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Requests, newest first' });
  await expect(grid).toBeVisible();

  const scrolled = await page.evaluate<Scrolled, number>(scrollThrough, rows);
  test.info().annotations.push({ type: 'scrolled', description: JSON.stringify(scrolled) });
  expect(scrolled.reachedRow).toBe(rows + 1); // the head is the first
  expect(scrolled.frames).toBeGreaterThan(100);
  expect(scrolled.longestBlankMs).toBeLessThan(100);
  expect(pageErrors).toEqual([]);
});

/**
 * In the page: scrolls eight screens a frame where there are rows and waits where older ones are on their way, to the end and back in leaps. After
 * each frame it looks whether rows stand in the middle of the list; a blank frame counts until the next that is none.
 */
async function scrollThrough(wanted: number): Promise<Scrolled> {
  const scroller = document.querySelector<HTMLElement>('.tail-scroll');
  if (scroller === null) throw new Error('There is no list');
  const box = scroller.getBoundingClientRect();
  const hasRows = (): boolean => {
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return middle !== null && middle.closest('[data-call-id]') !== null;
  };
  const lastRow = (): number =>
    Math.max(0, ...[...scroller.querySelectorAll('[aria-rowindex]')].map((row) => Number(row.ariaRowIndex)));
  const nextFrame = () => new Promise<number>((done) => requestAnimationFrame(done));
  const seen = { frames: 0, longestBlankMs: 0, reachedRow: 0 };
  let blankSince = Number.NaN;
  const look = async (): Promise<void> => {
    const now = await nextFrame();
    seen.frames += 1;
    if (hasRows()) blankSince = Number.NaN;
    else {
      if (Number.isNaN(blankSince)) blankSince = now;
      seen.longestBlankMs = Math.max(seen.longestBlankMs, performance.now() - blankSince);
    }
    seen.reachedRow = Math.max(seen.reachedRow, lastRow());
  };
  const endsMs = performance.now() + 90_000;
  while (seen.reachedRow <= wanted && performance.now() < endsMs) {
    scroller.scrollTop += box.height * 8;
    await look();
  }
  for (const share of [0, 0.5, 0.1, 0.9, 0.33, 0.75, 1, 0]) {
    scroller.scrollTop = share * scroller.scrollHeight;
    for (let step = 0; step < 10; step += 1) {
      await look();
      scroller.scrollTop += 200;
    }
  }
  return seen;
}
