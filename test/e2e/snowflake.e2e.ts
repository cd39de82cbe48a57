/** The app configures, fills and asks the team's Snowflake (its stand-in), the way a person would and the way the bridge does. */
import type { Page } from '@playwright/test';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnowflakeProfile } from '../../contract/snowflake.ts';
import { startTestGateway } from '../helpers/gateway-process.ts';
import { childrenOf } from '../helpers/child-processes.ts';
import { untilRunning } from './fixtures.ts';
import { answerGemini, callGemini, geminiClient } from './gemini-calls.ts';
import { ask, deliver, expect, filesHolding, type SnowflakeStandIn, test } from './snowflake-kit.ts';

const environmentOf = (profile: SnowflakeProfile) => ({
  SNOWFLAKE_ACCOUNT: profile.account,
  SNOWFLAKE_USER: profile.user ?? '',
  SNOWFLAKE_WAREHOUSE: profile.warehouse,
  SNOWFLAKE_DATABASE: profile.database,
  SNOWFLAKE_SCHEMA: profile.schema,
  SNOWFLAKE_ROLE: profile.role ?? '',
  SNOWFLAKE_ACCESS_URL: profile.accessUrl ?? '',
});

async function calls(url: string | null, count: number): Promise<void> {
  const client = geminiClient(url ?? '');
  for (let made = 0; made < count; made++) await callGemini(client);
}

const totalOf = async (page: Page, source: 'duckdb' | 'snowflake'): Promise<number> =>
  (await ask(page, 'metrics', { range: '24h', source })).totals.calls;

/** Environments of a process and of all below it (Linux). */
async function environments(pid: number): Promise<string> {
  const own = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''); // it may be gone by now
  const below = await Promise.all(childrenOf(pid).map((child) => environments(child.pid)));
  return [own, ...below].join('\n');
}

async function configured(page: Page, { form }: SnowflakeStandIn): Promise<void> {
  await ask(page, 'saveSnowflake', form);
  expect(await ask(page, 'setupSnowflake', { dryRun: false })).toMatchObject({ ok: true });
}

test('a person fills in the form, a wrong key is named, and the right one passes every step', async ({
  launch,
  snowflake,
}) => {
  const { page, pageErrors } = await launch();
  await untilRunning(page);
  await page.evaluate(() => {
    window.location.hash = '#/settings/snowflake';
  });
  const { profile } = snowflake.form.settings;
  const type = (name: RegExp, text: string | null) => page.getByRole('textbox', { name }).fill(text ?? '');
  await type(/^Account/, profile.account);
  await type(/^Warehouse/, profile.warehouse);
  await type(/^Role/, profile.role);
  await type(/^Database/, profile.database);
  await type(/^Schema/, profile.schema);
  await page.getByText('Private link and closed networks').click();
  await type(/^Access URL/, profile.accessUrl);
  await type(/^User/, profile.user);
  await type(/^Private key/, snowflake.form.secrets.privateKey);
  await type(/^Passphrase/, 'not the passphrase');

  const panel = page.getByRole('region', { name: 'Connection test' });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(panel).toContainText('does not open with this passphrase', { timeout: 15_000 });
  await type(/^Passphrase/, snowflake.form.secrets.privateKeyPassphrase);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(panel).toContainText(`Logged in as ${profile.user}`, { timeout: 15_000 });

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await ask(page, 'snowflakeState', undefined)).configuredBy).toBe('app');
  await page.getByRole('button', { name: 'Set up tables…' }).click();
  await page.getByRole('button', { name: 'Run these statements' }).click();
  await expect(page.getByRole('dialog')).toContainText(/Ready: \d+ statements done/, { timeout: 20_000 });
  await expect.poll(async () => (await ask(page, 'testSnowflake', null)).ok, { timeout: 30_000 }).toBe(true);
  expect(pageErrors).toEqual([]);
});

test('calls are delivered, and the fleet view counts those of two gateways', async ({
  launch,
  upstream,
  snowflake,
  dataDir,
}) => {
  answerGemini(upstream);
  const { app, page, gateway } = await launch();
  await untilRunning(page);
  await configured(page, snowflake);
  await calls((await gateway()).url, 3);
  await deliver(page, 3);

  const keyFile = join(dataDir, 'of-the-other-gateway.p8');
  await writeFile(keyFile, snowflake.secrets.privateKey ?? '', { mode: 0o600 });
  const other = await startTestGateway({
    upstreams: [`gemini=${upstream.url}`],
    env: {
      ...environmentOf(snowflake.profile),
      SNOWFLAKE_PRIVATE_KEY_PATH: keyFile,
      SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: snowflake.secrets.privateKeyPassphrase ?? '',
    },
  });
  await calls(other.url, 2);
  const delivered = async (): Promise<number> => {
    await other.fetch('/api/snowflake/sync', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return totalOf(page, 'snowflake');
  };
  await expect.poll(delivered, { timeout: 30_000, intervals: [250] }).toBe(5);
  expect(await totalOf(page, 'duckdb')).toBe(3);

  const fleet = await ask(page, 'snowflakeFleet', undefined);
  expect(fleet.gateways.map(({ own, rows }) => ({ own, rows })).toSorted((a, b) => b.rows - a.rows)).toEqual([
    { own: true, rows: 3 },
    { own: false, rows: 2 },
  ]);
  const path = join(dataDir, 'fleet.csv');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  const exported = { question: 'calls', query: { range: '24h', source: 'snowflake' } } as const;
  expect(await ask(page, 'exportCsv', exported)).toMatchObject({ saved: 'file', rows: 5 });
  expect(await other.stop()).toBe(0);

  // The driver's native parts stay out of Electron, and no secret is in an environment.
  const pid = app.process().pid ?? 0;
  expect(await readFile(`/proc/${pid}/maps`, 'utf8')).not.toMatch(/snowflake|minicore/);
  const all = await environments(pid);
  for (const canary of snowflake.canaries) expect(all).not.toContain(canary);
});

test('without a keyring secrets are in memory only: nothing is on disk, and the next start asks for them', async ({
  launch,
  upstream,
  snowflake,
  dataDir,
}) => {
  answerGemini(upstream);
  test.slow(); // two starts of the app, and a delivery that fails first
  const first = await launch();
  await untilRunning(first.page);
  await configured(first.page, snowflake);
  const before = await ask(first.page, 'snowflakeState', undefined);
  expect(before).toMatchObject({
    configuredBy: 'app',
    secretsKnown: ['privateKey', 'privateKeyPassphrase'],
    secretsKept: 'memory',
    keptNote: expect.stringContaining('memory only'),
  });
  expect(JSON.stringify(before)).not.toContain(snowflake.canaries[0]);
  await calls((await first.gateway()).url, 2);
  await deliver(first.page, 2);
  await first.app.close();
  expect(await filesHolding(dataDir, snowflake.canaries)).toEqual([]);
  expect((await stat(join(dataDir, 'app', 'settings.json'))).mode & 0o777).toBe(0o600);

  const second = await launch();
  await expect.poll(async () => (await second.gateway()).phase, { timeout: 20_000 }).toBe('running');
  const after = await ask(second.page, 'snowflakeState', undefined);
  expect(after).toMatchObject({ settings: before.settings, configuredBy: 'app', secretsKnown: [], secretsKept: null });
  await calls((await second.gateway()).url, 1);
  await ask(second.page, 'syncSnowflake', undefined);
  const phase = async () => (await ask(second.page, 'snowflakeState', undefined)).health.phase;
  await expect.poll(phase, { timeout: 20_000 }).toBe('needs_attention');
  await expect.poll(async () => (await second.tray()).tooltip).toContain('Snowflake needs attention');
  expect((await second.tray()).rows).toContainEqual(expect.objectContaining({ action: 'storage' }));

  await second.app.evaluate(() => globalThis.aismProbe?.trayAct('storage'));
  await expect(second.page).toHaveURL(/#\/storage$/);
  await ask(second.page, 'saveSnowflake', snowflake.form);
  await deliver(second.page, 1); // the row that waited goes with the key that is there again
  expect(await totalOf(second.page, 'snowflake')).toBe(3);
  await expect.poll(async () => (await second.tray()).tooltip).not.toContain('Snowflake');
});

test('the user’s own SNOWFLAKE_* names configure the app and reach no child; saved settings go before them', async ({
  launch,
  upstream,
  snowflake,
}) => {
  answerGemini(upstream);
  const password = snowflake.secrets.password ?? '';
  const env = { ...environmentOf(snowflake.profile), SNOWFLAKE_PASSWORD: password };
  const { app, page, gateway } = await launch({ env });
  await untilRunning(page);
  expect(await ask(page, 'snowflakeState', undefined)).toMatchObject({
    configuredBy: 'environment',
    secretsKnown: ['password'],
    secretsKept: null,
    editable: true,
  });
  expect(await environments((await gateway()).pid ?? 0)).not.toMatch(/SNOWFLAKE_(ACCOUNT|PASSWORD)/);
  expect(await app.evaluate(() => process.env['SNOWFLAKE_PASSWORD'])).toBeUndefined();
  expect(await ask(page, 'setupSnowflake', { dryRun: false })).toMatchObject({ ok: true });
  await calls((await gateway()).url, 1);
  await deliver(page, 1);

  const saved = await ask(page, 'saveSnowflake', snowflake.form);
  expect(saved).toMatchObject({ configuredBy: 'app', settings: { profile: { authenticator: 'SNOWFLAKE_JWT' } } });
  expect(await totalOf(page, 'snowflake')).toBe(1);
  expect(await ask(page, 'forgetSnowflake', undefined)).toMatchObject({ configuredBy: 'environment' });
});

test('a gateway of another program shows its settings and takes none', async ({
  launch,
  upstream,
  snowflake,
  dataDir,
}) => {
  answerGemini(upstream);
  const env = {
    ...environmentOf(snowflake.profile),
    SNOWFLAKE_PASSWORD: snowflake.secrets.password ?? '',
  };
  const other = await startTestGateway({ dataDir, upstreams: [`gemini=${upstream.url}`], env });
  const { page } = await launch();
  await expect(page.locator('[data-phase="running"]')).toBeVisible({ timeout: 20_000 });
  const state = await ask(page, 'snowflakeState', undefined);
  expect(state).toMatchObject({ configuredBy: 'environment', editable: false });
  expect(state.editNote).toContain(`process ${other.pid}`);
  await expect(ask(page, 'saveSnowflake', snowflake.form)).rejects.toThrow('not_supported_here');
  expect(await ask(page, 'setupSnowflake', { dryRun: false })).toMatchObject({ ok: true });
  await calls(other.url, 1);
  await deliver(page, 1);
  expect(await totalOf(page, 'snowflake')).toBe(1); // asked through that gateway: only it can log in
  expect(await other.stop()).toBe(0);
});

test('retention is kept by the app, counted before it is applied, and applied by the gateway', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway } = await launch();
  await untilRunning(page);
  await calls((await gateway()).url, 2);
  const retention = { localDays: 30, snowflakeDays: null };
  expect(await ask(page, 'saveRetention', retention)).toMatchObject({ retention, editable: true });
  const order = { target: 'local', days: 30 } as const;
  const counted = async () => (await ask(page, 'previewRetention', order)).totalRows;
  await expect.poll(counted).toBe(2);
  expect(await ask(page, 'previewRetention', order)).toMatchObject({ rows: 0 });
  expect(await ask(page, 'applyRetention', order)).toMatchObject({ deletedRows: 0 });
  await page.reload();
  expect(await ask(page, 'retentionState', undefined)).toMatchObject({ retention });
});

test('the way to the Storage screen opens a window where there is none', async ({ launch }) => {
  const { app, page } = await launch();
  await untilRunning(page);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()));
  await expect.poll(() => app.windows().length).toBe(0);
  const opened = app.waitForEvent('window');
  await app.evaluate(() => globalThis.aismProbe?.trayAct('storage'));
  const again = await opened;
  await expect(again).toHaveURL(/#\/storage$/);
  await expect(again.getByRole('heading', { name: 'Snowflake' })).toBeVisible();
});
