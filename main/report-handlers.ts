import { questions } from '../contract/analytics.ts';
import { AppError } from '../contract/errors.ts';
import type { AskOutput, AskQuery } from '../contract/ipc.ts';
import { toSearchParams } from '../contract/query-string.ts';
import type { reportAsks } from '../contract/reports.ts';
import type { MainHandlers } from './answer.ts';
import { csvFileName, saveCsv } from './csv-export.ts';
import type { GatewayRest } from './gateway-rest.ts';

export interface ReportParts {
  readonly rest: GatewayRest;
  /** The path the user chose, or null when they changed their mind. */
  readonly chooseFile: (suggestedName: string) => Promise<string | null>;
}

type ReportHandlers = Pick<MainHandlers, keyof typeof reportAsks>;

/** Reports that leave the app. */
export function createReportHandlers(parts: ReportParts): ReportHandlers {
  return {
    exportCsv: (input, left) => exportCsv(parts, input, left),
    cancelExport: unbuilt,
    revealFile: unbuilt,
    saveSummary: unbuilt,
    reportState: unbuilt,
    saveReport: unbuilt,
    runReport: unbuilt,
    chooseFolder: unbuilt,
  };
}

const unbuilt = (): Promise<never> => Promise.reject(new AppError('not_supported_here', 'Not in this version.'));

async function exportCsv(
  { rest, chooseFile }: ReportParts,
  { question, query }: AskQuery<'exportCsv'>,
  left: AbortSignal,
): Promise<AskOutput<'exportCsv'>> {
  const params = toSearchParams(questions[question].query.parse(query));
  params.set('format', 'csv');
  const path = await chooseFile(csvFileName(question, new Date()));
  if (path === null) return { saved: 'cancelled', path: null, rows: null };
  const response = await rest.open(`/api/analytics/${question}`, { params, signal: left });
  return { saved: 'file', path, rows: await saveCsv(response.body, path, left) };
}
