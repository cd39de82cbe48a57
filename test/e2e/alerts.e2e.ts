/** A budget from the form to the notice, as a person meets it (acceptance item 37). */
import type { Locator, Page } from '@playwright/test';
import { expect, type RunningApp, test, untilRunning } from './fixtures.ts';
import { answerGemini, callGemini, geminiClient, model } from './gemini-calls.ts';

/** The gateway looks at budgets every 15 s at most. */
const checkedMs = 40_000;

const notices = ({ app }: RunningApp) => app.evaluate(() => globalThis.aismProbe?.notices() ?? []);
const bell = (page: Page): Locator => page.locator('[data-alert-bell]');

async function openFromPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').fill(words);
  await page.keyboard.press('Enter');
}

/** Every call of the e2e answer costs more than the amount. */
async function addBudget(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a budget' }).click();
  const form = page.getByRole('dialog', { name: 'Add a budget' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Tiny');
  await form.getByRole('textbox', { name: 'Amount' }).fill('-3');
  await form.getByRole('button', { name: 'Use this budget' }).click();
  await expect(form).toContainText('Accepted: US dollars above 0');
  await form.getByRole('textbox', { name: 'Amount' }).fill('$0.0001');
  await form.getByRole('radio', { name: 'Per day' }).click();
  await form.getByRole('radio', { name: 'Model' }).click();
  await form.getByRole('combobox', { name: 'Model' }).fill(model);
  await form.getByRole('button', { name: 'Use this budget' }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByText('Not saved yet')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('.toasts')).toContainText('Budgets and alarms saved');
}

test('a budget is set, its crossing is told by bell and by one notice that opens its calls, and not again after a restart (item 37)', async ({
  launch,
  upstream,
}) => {
  test.slow();
  answerGemini(upstream);
  const first = await launch();
  const { page, pageErrors } = first;
  await untilRunning(page);
  await openFromPalette(page, 'set a budget');
  await addBudget(page);
  await expect(bell(page)).toHaveAttribute('data-alert-bell', '0');

  await callGemini(geminiClient((await first.gateway()).url ?? ''));
  await expect(bell(page)).toHaveAttribute('data-alert-bell', '1', { timeout: checkedMs });
  await expect.poll(() => notices(first)).toHaveLength(1);
  expect((await notices(first))[0]?.title).toContain('Tiny');
  await expect(page.locator('[data-budget="Tiny"]')).toContainText('used');
  await callGemini(geminiClient((await first.gateway()).url ?? ''));

  await first.app.evaluate(() => globalThis.aismProbe?.clickNotice(0));
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible();
  await expect(page.locator('.request-chip').filter({ hasText: model })).toBeVisible();
  await expect(page.locator('[data-call-id]')).not.toHaveCount(0);
  expect(await notices(first)).toHaveLength(1);
  expect(pageErrors).toEqual([]);
  await first.app.close();

  const second = await launch();
  await untilRunning(second.page);
  await expect(bell(second.page)).toHaveAttribute('data-alert-bell', '1', { timeout: checkedMs });
  await callGemini(geminiClient((await second.gateway()).url ?? '')); // makes the gateway look again
  const checkedAt = () =>
    second.page.evaluate(async () => {
      const answer = await globalThis.bridge.ask('alerts', undefined);
      return answer.ok ? answer.value.checkedAt : null;
    });
  const before = await checkedAt();
  await expect.poll(checkedAt, { timeout: checkedMs }).not.toBe(before);
  expect(await notices(second)).toEqual([]);
});

test('the palette snoozes notices, the bell says so, and what is crossed meanwhile is listed without a notice', async ({
  launch,
  upstream,
}) => {
  test.slow();
  answerGemini(upstream);
  const running = await launch();
  const { page } = running;
  await untilRunning(page);
  await openFromPalette(page, 'snooze alerts');
  await expect(page.locator('.toasts')).toContainText('Notices are snoozed');
  await openFromPalette(page, 'set a budget');
  await addBudget(page);
  await callGemini(geminiClient((await running.gateway()).url ?? ''));
  await expect(bell(page)).toHaveAttribute('data-alert-bell', '1', { timeout: checkedMs });
  await expect(bell(page)).toHaveAccessibleName(/snoozed/i);
  expect(await notices(running)).toEqual([]);
});
