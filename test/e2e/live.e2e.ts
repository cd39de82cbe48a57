/** The live tail, its details and its keys, in the real app over a scripted upstream (acceptance items 13, 14, 16–20, 22–24). */
import type { Page } from '@playwright/test';
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { expect, test, untilRunning } from './fixtures.ts';
import { answerGemini, model, usage } from './gemini-calls.ts';

const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: screen, exact: true }).click();
const rows = (page: Page) => page.locator('[data-call-id]');
const body = JSON.stringify({ contents: [{ parts: [{ text: 'What colour is the sky?' }] }] });

async function send(url: string, method = 'generateContent', name = model, signal?: AbortSignal): Promise<void> {
  const path = `${url}/gemini/v1beta/models/${name}:${method}${method.startsWith('stream') ? '?alt=sse' : ''}`;
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'AIzaCANARYe2e0000000000' };
  const answer = await fetch(path, { method: 'POST', headers, body, ...(signal === undefined ? {} : { signal }) });
  await answer.arrayBuffer();
}

/** A stream whose first token comes at once and whose end waits. */
function answerStream(upstream: ScriptedUpstream, pauseMs: number): void {
  const event = (value: object) => `data: ${JSON.stringify(value)}\r\n\r\n`;
  const part = (text: string) => ({ content: { role: 'model', parts: [{ text }] }, index: 0 });
  upstream.answer(':streamGenerateContent', {
    headers: { 'content-type': 'text/event-stream' },
    pieces: [
      event({ candidates: [part('Bl')], modelVersion: model }),
      { pauseMs },
      event({ candidates: [{ ...part('ue.'), finishReason: 'STOP' }], usageMetadata: usage, modelVersion: model }),
    ],
  });
}

test('L pauses, new rows are counted, and resuming lists them in their order (item 13)', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  const url = (await gateway()).url ?? '';
  await send(url);
  await goTo(page, 'Live');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('l');
  const control = page.locator('[data-live-switch]');
  await expect(control).toContainText(/Paused \d\d:\d\d:\d\d, 0 new/);
  await send(url);
  await expect(control).toContainText('1 new');
  await send(url);
  await expect(control).toContainText('2 new');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('l');
  await expect(rows(page)).toHaveCount(3);
  const ids = await rows(page).evaluateAll((list) => list.map((row) => row.getAttribute('data-call-id') ?? ''));
  expect(ids).toEqual(ids.toSorted()); // ids are made of the time
});

test('scrolling up stops the following, and a pill counts what is new (item 14)', async ({ launch, upstream }) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  const url = (await gateway()).url ?? '';
  for (let batch = 0; batch < 6; batch++) await Promise.all(Array.from({ length: 10 }, () => send(url)));
  await goTo(page, 'Live');
  const scroller = page.locator('.tail-scroll');
  const top = () => scroller.evaluate((element) => element.scrollTop);
  const fromEnd = () => scroller.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
  await expect(page.locator('.filter-bar')).toContainText('60 rows');
  await expect.poll(fromEnd).toBeLessThan(2);
  await scroller.hover();
  await page.mouse.wheel(0, -500);
  await expect.poll(fromEnd).toBeGreaterThan(200);
  const before = await top();
  await send(url);
  const pill = page.getByRole('button', { name: '1 new' });
  await expect(pill).toBeVisible();
  expect(await top()).toBe(before);
  await pill.click();
  await expect.poll(fromEnd).toBeLessThan(2);
  await expect(pill).toHaveCount(0);
});

test('J, K, Enter and Esc drive the details and give the focus back to the row (item 16)', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  const url = (await gateway()).url ?? '';
  for (let count = 0; count < 3; count++) await send(url);
  await goTo(page, 'Live');
  await expect(rows(page)).toHaveCount(3);
  const details = page.getByRole('complementary', { name: 'Call details' });
  await page.locator('main').click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('k');
  await expect(rows(page).last()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(details).toBeVisible();
  await page.keyboard.press('k');
  await expect(rows(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('j');
  await expect(rows(page).nth(2)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await expect(rows(page).nth(2)).toBeFocused();
});

test('the lines of a cost add up to its total, and bodies are said not to be captured (item 17)', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  await send((await gateway()).url ?? '');
  await goTo(page, 'Live');
  await rows(page).first().click();
  const details = page.getByRole('complementary', { name: 'Call details' });
  const cost = details.locator('section.facts').filter({ has: page.getByRole('heading', { name: 'Cost' }) });
  const dollars = async (selector: string): Promise<number[]> =>
    (await cost.locator(selector).allTextContents()).map((text) => Number(text.replace(/[$,]/g, '')));
  await expect.poll(async () => (await dollars('.fact-line:not(.strong) .fact-value')).length).toBeGreaterThan(1);
  const lines = await dollars('.fact-line:not(.strong) .fact-value');
  const [total] = await dollars('.fact-line.strong .fact-value');
  expect(total).toBeGreaterThan(0);
  expect(lines.reduce((sum, each) => sum + each, 0)).toBeCloseTo(total ?? Number.NaN, 9);
  await expect(details).toContainText('Prompts and answers are not captured');
  for (const tab of ['Timing', 'Attribution', 'Record']) await details.getByRole('tab', { name: tab }).click();
  await expect(details.locator('pre').last()).toContainText('"usageSource": "reported"');
  await expect(details.locator('pre').first()).toContainText(`/gemini/v1beta/models/${model}:generateContent'`);
});

test('a model without a price is a dash with its reason and is listed as unpriced (item 18)', async ({
  launch,
  upstream,
}) => {
  const unknown = 'gemini-unheard-of-9';
  const answer = { candidates: [{ content: { parts: [{ text: 'x' }] } }], usageMetadata: usage, modelVersion: unknown };
  upstream.answer(':generateContent', { pieces: [JSON.stringify(answer)] });
  const { page, gateway } = await launch();
  await untilRunning(page);
  await send((await gateway()).url ?? '', 'generateContent', unknown);
  await goTo(page, 'Live');
  const cost = rows(page).first().locator('.c-cost');
  await expect(cost).toHaveText('–');
  await expect(cost).toHaveAttribute('title', `No list price is known for ${unknown}`);
  await goTo(page, 'Costs');
  await expect(page.getByRole('region', { name: 'Models without a price' })).toContainText(unknown);
});

test('a streaming call is in flight, then shows its first token, then its final tokens (item 19)', async ({
  launch,
  upstream,
}) => {
  answerStream(upstream, 3000);
  const { page, gateway } = await launch();
  await untilRunning(page);
  await goTo(page, 'Live');
  const done = send((await gateway()).url ?? '', 'streamGenerateContent');
  const row = rows(page).last();
  await expect(row).toHaveAttribute('data-outcome', 'running');
  await expect(row.locator('.c-ttft')).toHaveText(/\d/);
  await expect(row).toHaveAttribute('data-outcome', 'running');
  await done;
  await expect(row).toHaveAttribute('data-outcome', 'ok');
  await expect(row.locator('.c-out')).toHaveText('340');
});

test('a call its client gave up is cancelled, and no error (item 20)', async ({ launch, upstream }) => {
  answerStream(upstream, 20_000);
  const { page, gateway } = await launch();
  await untilRunning(page);
  await goTo(page, 'Live');
  const giveUp = new AbortController();
  const call = send((await gateway()).url ?? '', 'streamGenerateContent', model, giveUp.signal).catch(() => undefined);
  const row = rows(page).last();
  await expect(row.locator('.c-ttft')).toHaveText(/\d/);
  giveUp.abort();
  await call;
  await expect(row).toHaveAttribute('data-outcome', 'client_aborted');
  await expect(row.locator('.c-outcome')).toContainText('cancelled');
});

test('Ctrl+K finds screens, models and actions; ? lists the keys of this screen; typing triggers none (items 22–24)', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  await send((await gateway()).url ?? '');
  await goTo(page, 'Live');
  await expect(rows(page)).toHaveCount(1);

  await page.keyboard.press('Control+k');
  const search = page.getByRole('searchbox', { name: 'Command' });
  for (const [typed, found] of [
    ['storage', 'Storage'],
    ['restart gate', 'Restart gateway'],
    [model, model],
  ] as const) {
    await search.fill(typed);
    await expect(page.getByRole('menuitem').filter({ hasText: found }).first()).toBeVisible();
  }
  await page.locator('[role=menuitem][data-focused]').filter({ hasText: model }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: `Remove filter Model ${model}` })).toBeVisible();

  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const [screen, listed] of [
    ['Live', true],
    ['Storage', false],
  ] as const) {
    await goTo(page, screen);
    await page.keyboard.press('?');
    await expect(sheet).toContainText('Pause or resume recording');
    await expect(sheet.getByText('Next row')).toHaveCount(listed ? 1 : 0);
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
  }

  await goTo(page, 'Live');
  await page.keyboard.press('/');
  const filter = page.getByRole('searchbox', { name: 'Filter rows' });
  await expect(filter).toBeFocused();
  await page.keyboard.type('lgs?jkrp');
  await expect(filter).toHaveValue('lgs?jkrp');
  await expect(sheet).toHaveCount(0);
  await expect(page.locator('[data-live-switch]')).not.toContainText('Paused');
});
