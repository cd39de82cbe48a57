import type { AskQuery } from '../contract/ipc.ts';
import type { ExportResult, reportAsks } from '../contract/reports.ts';
import type { MainHandlers } from './answer.ts';
import type { ScheduledReport } from './reports/scheduled-report.ts';

export interface ReportDesk {
  readonly exportCsv: (input: AskQuery<'exportCsv'>, left: AbortSignal) => Promise<ExportResult>;
  readonly cancelExport: (id: string) => void;
  readonly report: Pick<ScheduledReport, 'state' | 'save' | 'runNow'>;
  readonly saveSummary: (input: AskQuery<'saveSummary'>, left: AbortSignal) => Promise<ExportResult>;
  /** @throws AppError for a file this app did not write */
  readonly reveal: (path: string) => Promise<void>;
  /** Null when the user changed their mind. */
  readonly chooseFolder: () => Promise<string | null>;
}

type ReportHandlers = Pick<MainHandlers, keyof typeof reportAsks>;

/** Reports that leave the app. */
export function createReportHandlers(desk: ReportDesk): ReportHandlers {
  return {
    exportCsv: (input, left) => desk.exportCsv(input, left),
    cancelExport: async ({ id }) => desk.cancelExport(id),
    revealFile: ({ path }) => desk.reveal(path),
    saveSummary: (input, left) => desk.saveSummary(input, left),
    reportState: async () => desk.report.state(),
    saveReport: (schedule) => desk.report.save(schedule),
    runReport: () => desk.report.runNow(),
    chooseFolder: () => desk.chooseFolder(),
  };
}
