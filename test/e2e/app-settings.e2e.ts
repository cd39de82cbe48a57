/** What only the installed app can set, as a person sets it. */
import { _electron, type Page } from '@playwright/test';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '../helpers/certificates.ts';
import { electronCommand, expect, test, untilRunning } from './fixtures.ts';
import { startUpdateFeed } from './update-feed.ts';

async function openSettings(page: Page, section: string): Promise<void> {
  await page.evaluate((id) => {
    window.location.hash = `#/settings/${id}`;
  }, section);
}
const settingsOf = (page: Page) => page.evaluate(() => globalThis.bridge.ask('gatewaySettings', undefined));
const savedSettings = async (dataDir: string): Promise<unknown> =>
  JSON.parse(await readFile(join(dataDir, 'app', 'settings.json'), 'utf8'));

test('an upstream is tested, added, called through, and removed again', async ({ launch, upstream, dataDir }) => {
  test.slow(); // three restarts of the gateway
  upstream.answer('/v1/things', { pieces: ['{}'] });
  const { page, gateway, pageErrors } = await launch();
  await untilRunning(page);
  await openSettings(page, 'upstreams');
  await page.getByRole('button', { name: 'Add an upstream' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Name' }).fill('metrics');
  await expect(form).toContainText('is a path of the gateway itself');
  await form.getByRole('textbox', { name: 'Name' }).fill('mine');
  await form.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9');
  await form.getByRole('button', { name: 'Test address' }).click();
  await expect(form).toContainText('refuses the connection');
  await form.getByRole('textbox', { name: 'Address' }).fill(upstream.url);
  await form.getByRole('button', { name: 'Test address' }).click();
  await expect(form).toContainText('answers (HTTP');
  const before = (await gateway()).pid;
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0, { timeout: 30_000 });
  expect((await gateway()).pid).not.toBe(before);
  await expect(page.getByRole('heading', { name: 'mine' })).toBeVisible();
  const answer = await fetch(new URL('/mine/v1/things', (await gateway()).url ?? ''), { method: 'POST', body: '{}' });
  expect(answer.status).toBe(200);
  expect(await savedSettings(dataDir)).toMatchObject({ gateway: { upstreams: [{ name: 'mine', url: upstream.url }] } });

  await page.getByRole('button', { name: 'Remove mine' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: 'mine' })).toHaveCount(0, { timeout: 30_000 });
  expect(await savedSettings(dataDir)).toMatchObject({ gateway: { upstreams: [] } });
  expect(pageErrors).toEqual([]);
});

test('an address the gateway does not start at is taken back, with the reason at its field', async ({
  launch,
  dataDir,
}) => {
  test.slow();
  const { page } = await launch();
  await untilRunning(page);
  const { cert, key } = makeCertificate(dataDir, 'own');
  await openSettings(page, 'gateway');
  await expect(page.getByText('The app was started with port')).toBeVisible();
  await page.getByRole('textbox', { name: 'Address' }).fill('192.0.2.1');
  await expect(page.getByText('Other computers can reach this address. Whoever')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('name the certificate to use')).toBeVisible();
  await page.getByRole('textbox', { name: /^Certificate/ }).fill(cert);
  await page.getByRole('textbox', { name: /^Key of the certificate/ }).fill(key);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field-problem').first()).toContainText('cannot listen on 192.0.2.1', { timeout: 40_000 });
  await expect(page.locator('.field-problem').first()).toContainText('The settings are as before');
  await untilRunning(page);
  expect(await settingsOf(page)).toMatchObject({ ok: true, value: { settings: { host: '127.0.0.1', tlsCert: null } } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('textbox', { name: 'Address' })).toHaveValue('127.0.0.1');
});

test('names of users are hashed from the moment that is saved', async ({ launch, upstream }) => {
  upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces: ['{}'] });
  const { page, gateway } = await launch();
  await untilRunning(page);
  await openSettings(page, 'privacy');
  await page.getByRole('radio', { name: /^As sent/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The gateway keeps calls this way from now on')).toBeVisible({ timeout: 30_000 });
  await untilRunning(page);
  const path = '/gemini/v1beta/models/gemini-2.5-flash:generateContent';
  const answer = await fetch(new URL(path, (await gateway()).url ?? ''), {
    method: 'POST',
    headers: { 'x-aism-user': 'ann@example.com' },
    body: '{}',
  });
  await answer.text();
  const users = () => page.evaluate(() => globalThis.bridge.ask('users', { range: '1h' }));
  await expect.poll(async () => JSON.stringify(await users())).toMatch(/user-[0-9a-f]{12}/);
  expect(JSON.stringify(await users())).not.toContain('ann@');
});

test('updates: no request while they are off; found, downloaded and restarted into on request', async ({
  launch,
  dataDir,
}) => {
  test.slow();
  const folder = join(dataDir, 'feed');
  await mkdir(folder);
  const feed = await startUpdateFeed(folder);
  const { app, page } = await launch({ env: feed.env });
  await untilRunning(page);
  await openSettings(page, 'updates');
  await expect(page.getByText('Updates are off. No request is made.')).toBeVisible();
  expect(feed.asked).toEqual([]);
  await page.getByText('Look for updates', { exact: true }).waitFor();
  await page.getByRole('switch', { name: 'Look for updates' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('Version 9.9.9 is there.')).toBeVisible({ timeout: 20_000 });
  expect(feed.asked).toEqual(['/latest-linux.yml']);
  await page.getByRole('button', { name: 'Download 9.9.9' }).click();
  await expect(page.getByText('A restart installs it.')).toBeVisible({ timeout: 20_000 });
  expect(feed.asked).toContain('/monitor.AppImage');
  const closed = app.waitForEvent('close', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Restart and install' }).click();
  await closed;
  await expect.poll(() => readFile(feed.startedMark, 'utf8').catch(() => '')).toContain('monitor.AppImage');
  expect(await readFile(feed.appImage, 'utf8')).toContain('#!/bin/sh');
  feed.stop();
});

test('an update whose checksum is another one is not installed', async ({ launch, dataDir }) => {
  const folder = join(dataDir, 'feed');
  await mkdir(folder);
  const feed = await startUpdateFeed(folder, { damaged: true });
  const { page } = await launch({ env: feed.env });
  await untilRunning(page);
  await openSettings(page, 'updates');
  await page.getByRole('switch', { name: 'Look for updates' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Download 9.9.9' }).click({ timeout: 20_000 });
  await expect(page.getByText('its checksum is another one. It was not installed.')).toBeVisible({ timeout: 20_000 });
  expect(await readFile(feed.appImage, 'utf8')).toBe('the old version');
  feed.stop();
});

test('diagnostics are read first, and saved as they were read', async ({ launch, dataDir }) => {
  const { app, page } = await launch();
  await untilRunning(page);
  await openSettings(page, 'diagnostics');
  await page.getByRole('button', { name: 'Collect' }).click();
  const box = page.getByRole('textbox', { name: 'Text of the diagnostics' });
  await expect(box).toHaveValue(/== Health of the gateway/);
  const text = await box.inputValue();
  const { token } = JSON.parse(await readFile(join(dataDir, 'gateway.json'), 'utf8'));
  expect(text).not.toContain(token);
  const path = join(dataDir, 'saved.txt');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Save…' }).click();
  await expect(page.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a damaged settings file is set aside, and the window says under which name', async ({ launch, dataDir }) => {
  const folder = join(dataDir, 'app');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), '{"port": "eight"');
  const { page } = await launch();
  const [name] = (await readdir(folder)).filter((file) => file.startsWith('settings.damaged-'));
  expect(name).toBeDefined();
  await page.evaluate(() => globalThis.bridge.ask('saveUiSettings', { onboarded: true }));
  await page.reload();
  const note = page.getByRole('alert').filter({ hasText: 'Settings were reset' });
  await expect(note).toContainText(name ?? '');
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await expect(note).toHaveCount(0);
});

test('a start at login shows no window, and its gateway runs', async ({ dataDir, upstream, port }) => {
  const args = ['--data-dir', dataDir, '--port', String(port), '--upstream', `gemini=${upstream.url}`, '--hidden'];
  const app = await _electron.launch({ ...electronCommand(args), timeout: 30_000 });
  try {
    const phase = () => app.evaluate(() => globalThis.aismProbe?.gateway().phase);
    await expect.poll(phase, { timeout: 20_000 }).toBe('running');
    expect(app.windows()).toEqual([]);
    await app.evaluate(() => globalThis.aismProbe?.trayAct('open'));
    await app.firstWindow();
  } finally {
    await app.close();
  }
});
