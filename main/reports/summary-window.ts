/**
 * The printable summary, drawn by a page of its own that nobody sees. That page runs as caged as the main one, may only ask what it prints
 * (the summary asks), and is destroyed in every case.
 */
import { BrowserWindow, type WebContents } from 'electron';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import type { AskName } from '../../contract/ipc.ts';
import { summaryHash } from '../../contract/summary-address.ts';
import { pageOrigin } from '../page-url.ts';

export interface SummaryPrinter {
  /** The summary of a query as a PDF. @throws AppError `timeout`, `cancelled`, or why the page could not draw it */
  print(query: Readonly<Record<string, unknown>>, left: AbortSignal): Promise<Uint8Array>;
  /** Whether a page is one of these and asks what such a page may ask. */
  mayAsk(page: WebContents, name: AskName): boolean;
}

/** The analytics questions of the page (renderer/reports/summary-data.ts). Nothing that changes, saves or reveals. */
const summaryAsks: ReadonlySet<AskName> = new Set([
  'metrics',
  'usage',
  'models',
  'endpoints',
  'users',
  'keys',
  'errors',
  'unmetered',
]);

export function createSummaryPrinter(preload: string): SummaryPrinter {
  const pages = new Set<WebContents>();
  return {
    mayAsk: (page, name) => pages.has(page) && summaryAsks.has(name),
    async print(query, left) {
      const window = hiddenWindow(preload);
      const page = window.webContents;
      pages.add(page);
      try {
        return await Promise.race([draw(window, query, left), gone(window)]);
      } finally {
        pages.delete(page);
        if (!window.isDestroyed()) window.destroy();
      }
    },
  };
}

/** As wide as the paper at 96 dots an inch, so that the page is laid out as it will be printed. */
function hiddenWindow(preload: string): BrowserWindow {
  return new BrowserWindow({
    show: false,
    width: 794,
    height: 1123,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false, // a page that nobody sees would have its timers slowed down
    },
  });
}

/** A warehouse in the cloud may have to wake up first. */
const deadlineMs = (query: Readonly<Record<string, unknown>>): number =>
  query['source'] === 'snowflake' ? 180_000 : 45_000;

async function draw(
  window: BrowserWindow,
  query: Readonly<Record<string, unknown>>,
  left: AbortSignal,
): Promise<Uint8Array> {
  const seconds = deadlineMs(query) / 1000;
  const late = AbortSignal.timeout(deadlineMs(query));
  try {
    await window.loadURL(`${pageOrigin}/${summaryHash(query, false)}`);
    await untilDrawn(window.webContents, AbortSignal.any([left, late]));
  } catch (error) {
    if (late.aborted) throw new AppError('timeout', `The summary was not drawn within ${seconds} seconds.`);
    if (left.aborted) throw new AppError('cancelled', 'Cancelled.', { cause: error });
    throw error;
  }
  return window.webContents.printToPDF({
    pageSize: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>', // without one, the date and the address of the page
    footerTemplate,
  });
}

/** Chromium draws it in a document of its own, without our styles. */
const footerTemplate = `
  <div style="display: flex; justify-content: space-between; width: 100%; margin: 0 14mm; font: 7.5px sans-serif; color: #57606a">
    <span>AI Studio Monitor</span>
    <span>Page <span class="pageNumber"></span> of <span class="totalPages"></span></span>
  </div>`;

const lookEveryMs = 80;
/** What the page says of itself on its root element (renderer/reports/summary-page.tsx). */
const PageSays = z.object({ state: z.string().nullable(), problem: z.string().nullable() });
const lookAtPage = `({
  state: document.documentElement.getAttribute('data-summary'),
  problem: document.documentElement.getAttribute('data-summary-problem'),
})`;

async function untilDrawn(page: WebContents, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { state, problem } = PageSays.parse(await page.executeJavaScript(lookAtPage));
    if (state === 'ready') return;
    if (state === 'failed') throw new AppError('internal', problem ?? 'The summary could not be drawn.');
    await pause(lookEveryMs, undefined, { signal });
  }
}

/** Rejects when the page ends before it is printed. */
function gone({ webContents }: BrowserWindow): Promise<never> {
  return new Promise((_resolve, reject) => {
    webContents.once('render-process-gone', (_event, { reason }) =>
      reject(new AppError('internal', `The page of the summary ended (${reason}). Try again.`)),
    );
  });
}
