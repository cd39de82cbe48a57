/** Reports that leave the app, in the real one. Native dialogs cannot be driven, so their answers are given in main. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { AskInput, AskName } from '../../contract/ipc.ts';
import { formatExact } from '../../renderer/format/numbers.ts';
import { generateWarehouse } from '../helpers/generated-rows.ts';
import { csvRecords } from '../helpers/read-csv.ts';
import { expect, test, untilRunning } from './fixtures.ts';

declare global {
  var revealed: (() => string[]) | undefined;
}

const rows = 80_000;

const ask = <K extends AskName>(page: Page, name: K, input: AskInput<K>) =>
  page.evaluate(([what, query]) => globalThis.bridge.ask(what as K, query as AskInput<K>), [name, input] as const);

/** The next save dialogs answer with this file. */
const chooseFile = (app: ElectronApplication, filePath: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
  }, filePath);

/** Notes what would be shown in the file manager. */
const watchReveals = (app: ElectronApplication) =>
  app.evaluate(({ shell }) => {
    const shown: string[] = [];
    shell.showItemInFolder = (path) => void shown.push(path);
    globalThis.revealed = () => shown;
  });
const revealed = (app: ElectronApplication) => app.evaluate(() => globalThis.revealed?.() ?? []);

const line = (page: Page) => page.locator('[data-export]');

test.beforeEach(async ({ dataDir }) => {
  await generateWarehouse(dataDir, { rows, toMs: Date.now(), days: 6 });
});

test('an export tells how far it is, is cancelled at once, leaves nothing, and can be had again', async ({
  launch,
  dataDir,
}) => {
  const { app, page, pageErrors } = await launch();
  await untilRunning(page);
  const folder = join(dataDir, 'out');
  await mkdir(folder);
  const path = join(folder, 'calls.csv');
  await writeFile(path, 'the export of yesterday');
  await chooseFile(app, path);
  await watchReveals(app);
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();

  await page.getByRole('button', { name: 'Export the calls of this period as CSV' }).click();
  await expect(line(page)).toContainText(/Exporting calls….*[\d,]+ rows · [\d.]+ MB/);
  const cancelledAt = performance.now();
  await line(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(line(page)).toHaveCount(0);
  const cancelMs = performance.now() - cancelledAt;
  test.info().annotations.push({ type: 'cancel', description: `${Math.round(cancelMs)} ms` });
  expect(await readdir(folder)).toEqual(['calls.csv']);
  expect(await readFile(path, 'utf8')).toBe('the export of yesterday');

  await page.keyboard.press('e');
  await expect(line(page)).toContainText(`Saved to calls.csv${formatExact(rows)} rows`, { timeout: 60_000 });
  await page.screenshot({ path: test.info().outputPath('saved.png') });
  expect((await readFile(path)).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  await line(page).getByRole('button', { name: 'Show in folder' }).click();
  await expect.poll(() => revealed(app)).toEqual([path]);
  await line(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(line(page)).toHaveCount(0);

  for (const foreign of ['/etc/passwd', join(folder, 'other.csv'), `${path}/../../journal.db`])
    expect(await ask(page, 'revealFile', { path: foreign })).toMatchObject({ ok: false, code: 'bad_request' });
  expect(await revealed(app)).toEqual([path]);
  expect(pageErrors).toEqual([]);
});

test('a CSV of the filtered requests holds the rows on screen, cell by cell, and an unwritable folder is named', async ({
  launch,
  dataDir,
}) => {
  const { app, page } = await launch();
  await untilRunning(page);
  const path = join(dataDir, 'requests.csv');
  await chooseFile(app, path);
  await page.getByRole('navigation').getByRole('button', { name: 'Requests', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('session-1598');
  const listed = page.locator('[data-call-id]');
  // The newest of the fifty calls of that session: the generator numbers its calls in their ids.
  await expect(listed.first()).toHaveAttribute('data-call-id', new RegExp(`${(79_949).toString(16)}$`));
  const onScreen = await listed.evaluateAll((all) =>
    all.map((row) => ({ id: row.getAttribute('data-call-id'), text: row.textContent ?? '' })),
  );
  expect(onScreen.length).toBeGreaterThan(5);

  const save = page.getByRole('button', { name: /Export.*CSV/ }).first();
  await save.click();
  await expect(line(page)).toContainText('Saved to requests.csv');
  const saved = csvRecords(await readFile(path, 'utf8'));
  expect(saved).toHaveLength(50);
  for (const [index, { id, text }] of onScreen.entries()) {
    const row = saved[index] ?? {};
    expect(row['callId']).toBe(id);
    for (const cell of [row['model'], row['userId'], formatExact(Number(row['inputTokens']))])
      expect(text).toContain(cell);
  }

  await chooseFile(app, join(dataDir, 'no such folder', 'x.csv'));
  await save.click();
  await expect(line(page)).toContainText(`The folder ${join(dataDir, 'no such folder')} does not exist.`);
});

test('the summary of a period is a PDF with its numbers, drawn by a page that may ask nothing else', async ({
  launch,
  dataDir,
}) => {
  const { app, page, pageErrors } = await launch();
  await untilRunning(page);
  const path = join(dataDir, 'summary.pdf');
  await chooseFile(app, path);
  const refused = askFromSecondPage(app);
  await page.getByRole('button', { name: 'Save a summary of this period as PDF' }).click();
  await expect(line(page)).toContainText('Saved to summary.pdf', { timeout: 60_000 });
  const pdf = await readFile(path);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.toString('latin1')).toMatch(/\/Type\s*\/Pages?\b/);
  expect(pdf.length).toBeGreaterThan(20_000);
  await test.info().attach('summary.pdf', { path });
  expect(pdf.toString('latin1')).toContain(
    `/Title <FEFF${Buffer.from('AI usage summary', 'utf16le').swap16().toString('hex').toUpperCase()}`,
  );
  expect(await refused).toBe('forbidden_origin');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(pageErrors).toEqual([]);

  const broken = await ask(page, 'saveSummary', { query: { from: 'yesterday', to: 'today' } });
  expect(broken).toMatchObject({ ok: false });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

/** What the hidden page hears when it asks for more than a summary needs. */
async function askFromSecondPage(app: ElectronApplication): Promise<string> {
  const hidden = await app.waitForEvent('window');
  const answer = await hidden.evaluate(() => globalThis.bridge.ask('saveUiSettings', { theme: 'dark' }));
  return answer.ok ? 'allowed' : answer.code;
}

test('the report is scheduled, made by hand, and its files can be shown', async ({ launch, dataDir }) => {
  const { app, page, pageErrors } = await launch();
  await untilRunning(page);
  const folder = join(dataDir, 'reports');
  await mkdir(folder);
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, folder);
  await watchReveals(app);
  await page.getByRole('navigation').getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('navigation').getByRole('button', { name: 'Reports', exact: true }).click();

  await page.getByRole('radio', { name: 'Daily' }).click();
  await expect(page.getByText('Choose the folder that reports are written to.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Choose…' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/07:00, /)).toBeVisible();
  expect(await readdir(folder)).toEqual([]);

  await page.getByRole('button', { name: 'Make the last report now' }).click();
  const files = page.getByRole('list', { name: 'Files of the last report' }).getByRole('listitem');
  await expect(files).toHaveCount(3);
  await page.screenshot({ path: test.info().outputPath('reports.png') });
  const written = (await readdir(folder)).toSorted();
  const day = /^ai-studio-monitor-(models|usage|users)-\d{4}-\d\d-\d\d\.csv$/;
  expect(written.every((name) => day.test(name))).toBe(true);
  const users = csvRecords(await readFile(join(folder, written.find((name) => name.includes('users')) ?? ''), 'utf8'));
  expect(users.length).toBeGreaterThan(30);
  await files.first().getByRole('button').click();
  await expect.poll(() => revealed(app)).toHaveLength(1);
  expect(pageErrors).toEqual([]);
});
