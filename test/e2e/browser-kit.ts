/** The system's Chromium, without a window: for the browser dashboard, and for screens with data that a real gateway cannot be brought to. */
import { type Browser, chromium } from '@playwright/test';
import { findBrowser } from '../../build/launch/browser.mjs';

/** Started once a file; the caller closes it. Throws where there is none: a dashboard that nobody looked at must not pass. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new Error(
      'The tests of the browser dashboard need Chromium. On Debian: apt-get install chromium; elsewhere set AISM_CHROMIUM_PATH to it.',
    );
  }
  const asRoot = process.getuid?.() === 0; // Chromium refuses its sandbox to root, and to root only
  return chromium.launch({ executablePath, args: asRoot ? ['--no-sandbox'] : [] });
}
