/** The dashboard of a headless gateway in a browser: the same screens as in the app, over a one-time link. */
import { readFile } from 'node:fs/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { axeFaults } from './a11y.ts';
import { startChromium } from './browser-kit.ts';
import { answerGemini, callGemini, geminiClient, model } from './gemini-calls.ts';
import { goTo } from './walk.ts';

let browser: Browser;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
let page: Page;
const foreign: string[] = [];
const secrets = /AIzaCANARY|What colour|Blue\./;

test.describe.configure({ mode: 'serial' }); // one gateway and one session, as a person has them
test.beforeAll(async () => {
  browser = await startChromium();
  upstream = await startScriptedUpstream();
  answerGemini(upstream);
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`] });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('request', (request) => void (request.url().startsWith(gateway.url) || foreign.push(request.url())));
  page.on(
    'websocket',
    (socket) => void (socket.url().startsWith(gateway.url.replace('http', 'ws')) || foreign.push(socket.url())),
  );
});
test.afterAll(async () => {
  await browser.close();
  await gateway.stop();
  await upstream.stop();
});

const open = (path: string) => goTo(page, { name: path, path });
const call = () => callGemini(geminiClient(gateway.url));

test('the one-time link opens the dashboard, and a second use of it is refused', async () => {
  await page.goto(gateway.dashboard);
  await expect(page.locator('[data-phase="running"]')).toBeVisible({ timeout: 20_000 });
  expect(page.url()).not.toContain('code=');

  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  const answer = await second.goto(gateway.dashboard);
  expect(answer?.status()).toBeGreaterThanOrEqual(400);
  await second.goto(`${gateway.url}/ui/`);
  await expect(second.getByRole('heading', { name: 'Open the dashboard link again' })).toBeVisible();
  await stranger.close();
});

test('a call changes the numbers of Overview and arrives in Live', async () => {
  await call();
  await open('overview');
  await expect(page.locator('[data-kpi="Requests"] [data-kpi-value]')).toHaveText('1');
  await open('live');
  const rows = page.locator('[data-call-id][data-outcome="ok"]');
  await expect(rows).toHaveCount(1);
  await call();
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText(model);
});

test('Requests finds a call, and its details open', async () => {
  await open('requests');
  const rows = page.locator('[data-call-id]');
  await expect(rows).toHaveCount(2);
  const search = page.getByRole('searchbox', { name: 'Search requests' });
  await search.fill('no such model');
  await expect(rows).toHaveCount(0);
  await search.fill(model);
  await expect(rows).toHaveCount(2);
  await rows.first().click();
  await expect(page.getByRole('complementary', { name: 'Call details' })).toContainText(model);
  expect(await axeFaults(page)).toEqual([]);
});

test('a CSV is downloaded with the rows of the period, and nothing private in it', async () => {
  await open('overview');
  const begun = page.waitForEvent('download');
  await page.getByRole('button', { name: /CSV/ }).first().click();
  const text = await readFile(await (await begun).path(), 'utf8');
  expect(text.trim().split(/\r?\n/)).toHaveLength(3);
  expect(text).toContain(model);
  expect(text).not.toMatch(secrets);
});

test('lists of the overview and of Limits are downloaded as they are filtered', async () => {
  const download = async (button: string): Promise<string> => {
    const begun = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return readFile(await (await begun).path(), 'utf8');
  };
  await open('overview');
  for (const list of ['models', 'endpoints', 'errors']) {
    const text = await download(`Export the ${list} as CSV`);
    expect(text.trim().split(/\r?\n/), list).toHaveLength(list === 'errors' ? 1 : 2);
    expect(text, list).not.toMatch(secrets);
  }
  await open('limits');
  expect(await download('Export the rates as CSV')).toContain(model);
  expect(await download('Export these failures as CSV')).not.toContain(model);
});

test('Costs, Limits, Storage and the settings work, and what needs the desktop app says so', async () => {
  await open('costs');
  await expect(page.getByText(model).first()).toBeVisible();
  await open('limits');
  await expect(page.getByRole('heading', { level: 1, name: 'Limits & health' })).toBeVisible();
  await open('storage');
  await expect(page.getByText('DuckDB').first()).toBeVisible();
  await open('settings/snowflake');
  await expect(page.getByText(/SNOWFLAKE_\* names of the gateway/)).toBeVisible();
  for (const part of ['updates', 'diagnostics', 'reports']) {
    await open(`settings/${part}`);
    await expect(
      page
        .locator('main')
        .getByText(/desktop app/i)
        .first(),
    ).toBeVisible();
  }
  expect(await page.content()).not.toMatch(secrets);
});

test('the theme is kept over a reload', async () => {
  await open('settings/appearance');
  for (const theme of ['Light', 'Dark'] as const) {
    await page.getByRole('radio', { name: theme }).click();
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
  }
});

test('the page asked nobody but its gateway', () => {
  expect(foreign).toEqual([]);
});

test('a lost gateway is "Stale since", with the old numbers still there', async () => {
  await open('overview');
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect(requests).toHaveText('2');
  await gateway.kill9();
  await expect(page.locator('.stale')).toContainText(/Stale since \d\d:\d\d/);
  await expect(requests).toHaveText('2');
});
