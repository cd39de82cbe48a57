/** Composition of the reports that leave the app: exports, the scheduled report, the summary, and the files they wrote. */
import { dialog, type WebContents, shell } from 'electron';
import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';
import { machineZone } from '../../contract/machine-zone.ts';
import type { AskName, AskQuery } from '../../contract/ipc.ts';
import type { ExportProgress, ExportResult } from '../../contract/reports.ts';
import type { Desktop } from '../desktop.ts';
import { chooseFile } from '../file-dialog.ts';
import type { GatewayControl } from '../gateway-control.ts';
import { tell } from '../ipc.ts';
import type { Log } from '../log.ts';
import type { Notice } from '../notifications.ts';
import type { ReportDesk } from '../report-handlers.ts';
import type { SettingsStore } from '../settings.ts';
import { throughDraft } from './draft-file.ts';
import { exportCsv, type ExportParts } from './exports.ts';
import { fileNameAt } from './file-names.ts';
import { createRunningExports, nowhere } from './running-exports.ts';
import { ScheduledReport } from './scheduled-report.ts';
import { createSummaryPrinter, type SummaryPrinter } from './summary-window.ts';
import { createWrittenFiles, type WrittenFiles } from './written-files.ts';

export interface ReportDeskOptions {
  readonly gateway: GatewayControl;
  readonly desktop: Desktop;
  readonly settings: SettingsStore;
  readonly preload: string;
  readonly notify: (notice: Notice) => void;
  readonly log: Log;
}

export interface OpenReportDesk extends ReportDesk {
  /** Whether a page besides the window's may ask this. */
  mayAsk(page: WebContents, name: AskName): boolean;
  /** The files that may be shown in the file manager; other parts of the app add theirs. */
  readonly written: Pick<WrittenFiles, 'add'>;
  stop(): Promise<void>;
}

export function openReportDesk(options: ReportDeskOptions): OpenReportDesk {
  const { gateway, desktop, settings, preload, log } = options;
  const window = () => desktop.window.current();
  const choose = (name: string): Promise<string | null> => chooseFile(window(), name);
  const files = createWrittenFiles();
  const printer = createSummaryPrinter(preload);
  const report = scheduledReport(options);
  const timer = setInterval(() => void report.check().catch((error: unknown) => logFault(log, error)), checkEveryMs);
  const running = createRunningExports();
  const tellProgress = (progress: ExportProgress): void => tell(window(), 'exportProgress', progress);
  const exports = { rest: gateway.link.rest, chooseFile: choose, tellProgress, files, running };
  return {
    exportCsv: (input, left) => exportCsv(exports, input, left),
    cancelExport: (id) => running.cancel(id),
    report,
    saveSummary: (input, left) => saveSummary({ ...exports, printer }, input, left),
    reveal: (path) => reveal(path, files.has(path) || settings.current().report.lastFiles.includes(path)),
    chooseFolder: () => chooseFolder(desktop),
    mayAsk: printer.mayAsk,
    written: files,
    async stop() {
      clearInterval(timer);
      await report.stop();
    },
  };
}

/** A timer to the exact moment would be wrong after a sleep, a change of the clock or of the zone; a look costs nothing. */
const checkEveryMs = 15_000;

const logFault = (log: Log, error: unknown): void => log.error(`ReportNotRemembered ${String(error)}`);

function scheduledReport({ gateway: { link }, desktop, settings, notify }: ReportDeskOptions): ScheduledReport {
  const openSettings = (): void => desktop.window.show({ screen: 'settings', section: 'reports' });
  return new ScheduledReport({
    rest: link.rest,
    memory: () => settings.current().report,
    remember: (report) => settings.change({ report }),
    zone: () => (settings.current().ui.utc ? 'UTC' : machineZone(process.env['TZ']).name),
    ready: () => ['running', 'degraded'].includes(link.status().phase),
    failed: (reason) => notify({ title: 'The report was not made', body: retryWords(reason), onClick: openSettings }),
  });
}

const retryWords = (reason: string): string => `${reason} It is tried again every hour.`;

function saveSummary(
  { printer, chooseFile: choose, tellProgress, files, running }: ExportParts & { readonly printer: SummaryPrinter },
  { query, id }: AskQuery<'saveSummary'>,
  left: AbortSignal,
): Promise<ExportResult> {
  return running.run(id, left, async (signal) => {
    const path = await choose(fileNameAt('summary', 'pdf', new Date()));
    if (path === null) return nowhere;
    if (id !== undefined) tellProgress({ id, rows: 0, bytes: 0 });
    const pdf = await printer.print(query, signal);
    await throughDraft(path, (draft) => writeFile(draft, pdf, { mode: 0o600, signal }));
    files.add(path);
    return { saved: 'file', path, rows: null };
  });
}

/** The page names the path, so it is believed only when this app wrote that very file. */
async function reveal(path: string, ours: boolean): Promise<void> {
  if (!ours) throw new AppError('bad_request', 'Only files that this app wrote can be shown.', { field: 'path' });
  if (!existsSync(path)) throw new AppError('not_found', `${path} was moved or deleted.`);
  shell.showItemInFolder(path);
}

async function chooseFolder(desktop: Desktop): Promise<string | null> {
  const options = { properties: ['openDirectory' as const, 'createDirectory' as const] };
  const window = desktop.window.current();
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return canceled ? null : (filePaths[0] ?? null);
}
