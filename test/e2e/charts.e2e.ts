/** The charts of Overview and Costs in Chromium, over the fixture bridge: crosshair, zoom, comparison, groups, still layout. */
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { startChromium } from './browser-kit.ts';
import { openFixture } from './fixture-page.ts';

let browser: Browser;
test.beforeAll(async () => {
  browser = await startChromium();
});
test.afterAll(() => browser.close());

const open = (width = 1440, height = 900): Promise<Page> =>
  openFixture(browser, { options: { scenario: 'busy' }, width, height });
const figure = (page: Page, panel: string): Locator => page.locator(`.${panel} figure`);
const periodButton = (page: Page): Locator => page.locator('[data-range]');

async function boxOf(target: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('It is not on screen');
  return box;
}

async function drag(page: Page, target: Locator, from: number, to: number): Promise<void> {
  const { x, y, width, height } = await boxOf(target);
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * ((from + to) / 2), y + height / 2);
  await page.mouse.move(x + width * to, y + height / 2);
  await page.mouse.up();
}

test('hovering one chart moves the crosshair on the other to the same instant, and away again', async () => {
  const page = await open();
  const [cost, latency] = [figure(page, 'usage-panel'), figure(page, 'latency-panel')];
  await cost.hover();
  await expect(cost).toHaveAttribute('data-crosshair', /T.*Z$/);
  const at = await cost.getAttribute('data-crosshair');
  await expect(latency).toHaveAttribute('data-crosshair', at ?? '');
  const { x, y, width, height } = await boxOf(latency);
  await page.mouse.move(x + width * 0.3, y + height / 2);
  await expect(cost).not.toHaveAttribute('data-crosshair', at ?? '');
  await expect
    .poll(async () => (await cost.getAttribute('data-crosshair')) === (await latency.getAttribute('data-crosshair')))
    .toBe(true);
  await page.mouse.move(720, 10);
  await expect(latency).not.toHaveAttribute('data-crosshair');
  await page.context().close();
});

test('dragging over a chart sets the period everywhere; a double click and Z widen it beyond the first; history walks', async () => {
  const page = await open();
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect(requests).not.toHaveText('0');
  const calls = async (): Promise<number> => Number((await requests.textContent())?.replaceAll(',', ''));
  const whole = await calls();
  await drag(page, figure(page, 'usage-panel'), 0.3, 0.6);
  await expect(periodButton(page)).toContainText('Custom');
  await expect.poll(calls).toBeLessThan(whole);
  const zoomed = await periodButton(page).textContent();

  await figure(page, 'latency-panel').dblclick();
  await expect(periodButton(page)).not.toHaveText(zoomed ?? '');
  await page.keyboard.press('[');
  await expect(periodButton(page)).toHaveText(zoomed ?? '');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(periodButton(page)).toHaveText('Last 24 hours');
  await page.keyboard.press(']');
  await expect(periodButton(page)).toHaveText(zoomed ?? '');
  await page.keyboard.press('[');
  await page.keyboard.press('z');
  await expect(periodButton(page)).toHaveText('Last 7 days');
  await page.context().close();
});

test('comparing draws the previous period, names it, says the change, and stays in the address', async () => {
  const page = await open();
  const legend = page.locator('.usage-panel .legend');
  await expect(legend).not.toContainText('Previous');
  await page.keyboard.press('c');
  await expect(legend).toContainText('Previous 24 h$');
  await expect(page.locator('.usage-panel .panel-note')).toContainText(/(up|down|unchanged).* vs previous 24 h/);
  await expect(page.locator('.latency-panel .panel-note')).toContainText('vs previous 24 h');
  expect(page.url()).toContain('compare=previous');
  await figure(page, 'usage-panel').hover();
  await expect(page.locator('.usage-panel .chart-tip')).toContainText(/Total.*Previous 24 h/s);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Costs' }).click();
  await expect(page.locator('.cost-table-panel th', { hasText: 'Previous 24 h' })).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.locator('.cost-table-panel th', { hasText: 'Previous' })).toHaveCount(0);
  expect(page.url()).not.toContain('compare');
  await page.context().close();
});

test('groups by a tag that the calls carry, with those without it apart, and a group leads to its calls', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'By model' }).click();
  await page.getByRole('list', { name: 'Tags' }).getByRole('button', { name: 'team' }).click();
  await expect(page.locator('.usage-panel h2')).toHaveText('Cost by tag team');
  const legend = page.locator('.usage-panel .legend');
  await expect(legend).toContainText('no value');
  await expect(legend.getByRole('button', { name: /no value/ })).toHaveCount(0);
  await legend.getByRole('button').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Requests');
  await expect(page.getByRole('button', { name: /Remove filter Tag team=/ })).toBeVisible();
  await page.context().close();
});

test('a tag without a name is refused with a word, and the groups stay what they were', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'By model' }).click();
  await page.getByRole('button', { name: 'Group by it' }).click();
  await expect(page.getByText('Type the name of a tag.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.usage-panel h2')).toHaveText('Cost by model');
  await page.context().close();
});

test('a group has the same colour on Overview and on Costs', async () => {
  const page = await open();
  const colours = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      await page.locator('.usage-panel button.legend-item').evaluateAll((items) =>
        items.map((item) => {
          const swatch = item.querySelector('.swatch');
          const name = item.querySelector('.legend-name')?.textContent ?? '';
          return [name, swatch === null ? '' : getComputedStyle(swatch).backgroundColor];
        }),
      ),
    );
  const home = (name: string) => page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name });
  await expect(page.locator('.usage-panel button.legend-item').first()).toBeVisible();
  const onOverview = await colours();
  expect(new Set(Object.values(onOverview)).size).toBe(Object.keys(onOverview).length);
  await home('Costs').click();
  await expect(page.locator('.usage-panel button.legend-item').first()).toBeVisible();
  expect(await colours()).toMatchObject(onOverview);
  await page.context().close();
});

test('rows of models, endpoints and errors lead to their calls', async () => {
  const page = await open();
  const home = page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Overview' });
  for (const [row, chip] of [
    ['.models-panel .share', 'Remove filter Model'],
    ['.endpoints-panel .cell-button', 'Remove filter Endpoint'],
    ['.errors-panel .errors button', 'Remove filter Outcome'],
  ] as const) {
    await home.click();
    await page.locator(row).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Requests');
    await expect(page.getByRole('button', { name: new RegExp(chip) }).first()).toBeVisible();
  }
  await page.context().close();
});

test('every chart says in a sentence what it shows, and is a table with a caption and heads on request', async () => {
  const page = await open();
  for (const panel of ['usage-panel', 'latency-panel']) {
    await expect(figure(page, panel)).toHaveAttribute(
      'aria-label',
      /over time: highest .* at .*, last .*(rising|falling|steady)\.$/,
    );
    await page.locator(`.${panel}`).getByRole('button', { name: 'View as table' }).click();
    const table = page.locator(`.${panel}`).getByRole('table');
    await expect(table.locator('caption')).toHaveText(/per 15 min$/);
    expect(await table.getByRole('columnheader').count()).toBeGreaterThan(3);
    expect(await table.getByRole('row').count()).toBeGreaterThan(60);
  }
  await page.context().close();
});

test('tiles and panels keep their places while their numbers change', async () => {
  const page = await open();
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect(requests).not.toHaveText('0');
  const places = () =>
    page.locator('.kpi, .overview > .panel, .kpi-value').evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, height } = element.getBoundingClientRect();
        // A value grows to the right inside its tile; tiles and panels keep their width too.
        return [x, y, height, element.classList.contains('kpi-value') ? 0 : element.getBoundingClientRect().width];
      }),
    );
  await expect(page.locator('.skeleton')).toHaveCount(0);
  const before = await places();
  const seen = await requests.textContent();
  await expect(requests).not.toHaveText(seen ?? '', { timeout: 15_000 });
  expect(await places()).toEqual(before);
  await page.context().close();
});

test('the table of days opens on request, one row a day with a sum', async () => {
  const page = await open();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Costs' }).click();
  const panel = page.locator('.daily-panel');
  await expect(panel.getByRole('table')).toHaveCount(0);
  await panel.getByRole('button', { name: 'Cost by day' }).click();
  await expect(panel.getByRole('table').locator('caption')).toHaveText('Cost by day');
  await expect(panel.locator('tfoot')).toContainText(/^2 days/);
  await page.context().close();
});
