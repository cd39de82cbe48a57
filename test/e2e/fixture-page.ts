/**
 * The built window in Chromium with the fixture bridge where the preload's would be: states that a real gateway is hard to bring to (failing
 * questions, a lost connection, a taken port). Its files are answered from out/renderer, so nothing listens.
 */
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import type { FixtureOptions } from '../renderer/fixture/fixture-bridge.ts';
import { expect, projectRoot } from './fixtures.ts';

const origin = 'http://localhost';
const built = join(projectRoot, 'out', 'renderer');
let bridgeScript: Promise<string> | undefined;

/** The fixture bridge as one script, made once a worker. */
async function bundleBridge(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(projectRoot, 'test', 'renderer', 'fixture', 'inject.ts'),
        formats: ['iife'],
        name: 'fixtureBridge',
      },
    },
  });
  const output = Array.isArray(made) ? made[0] : made;
  if (output === undefined || !('output' in output)) throw new Error('The fixture bridge could not be bundled');
  return output.output[0].code;
}

export interface FixturePage {
  readonly options: FixtureOptions;
  readonly width: number;
  readonly height: number;
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

export async function openFixture(browser: Browser, wishes: FixturePage): Promise<Page> {
  bridgeScript ??= bundleBridge();
  const { options, width, height, reducedMotion = 'no-preference' } = wishes;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion, timezoneId: 'Europe/Berlin' });
  await context.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ path: join(built, pathname === '/' ? 'index.html' : pathname) });
  });
  const page = await context.newPage();
  await page.addInitScript({
    content: `window.fixtureOptions = ${JSON.stringify(options)};\n${await bridgeScript}`,
  });
  await page.goto(`${origin}/`);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return page;
}
