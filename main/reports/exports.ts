/**
 * CSV exports to a file of the user's choice. Invariants: the whole answer is exported, whatever a page of it would hold; progress is told at
 * most four times a second; a cancelled export leaves nothing behind.
 */
import { questions } from '../../contract/analytics.ts';
import type { AskQuery } from '../../contract/ipc.ts';
import { toSearchParams } from '../../contract/query-string.ts';
import type { ExportProgress, ExportResult, ListQuestion } from '../../contract/reports.ts';
import { saveCsv } from '../csv-export.ts';
import type { GatewayRest } from '../gateway-rest.ts';
import { fileNameAt } from './file-names.ts';
import { nowhere, type RunningExports } from './running-exports.ts';
import type { WrittenFiles } from './written-files.ts';

export interface ExportParts {
  readonly rest: GatewayRest;
  /** The path the user chose, or null when they changed their mind. */
  readonly chooseFile: (suggestedName: string) => Promise<string | null>;
  readonly tellProgress: (progress: ExportProgress) => void;
  readonly files: WrittenFiles;
  readonly running: RunningExports;
}

/** @param left aborts when the page that asked is gone */
export function exportCsv(parts: ExportParts, input: AskQuery<'exportCsv'>, left: AbortSignal): Promise<ExportResult> {
  return parts.running.run(input.id, left, (signal) => exportTo(parts, input, signal));
}

async function exportTo(
  { rest, chooseFile, tellProgress, files }: ExportParts,
  { question, query, id }: AskQuery<'exportCsv'>,
  signal: AbortSignal,
): Promise<ExportResult> {
  const params = exportParams(question, query);
  const tell: Counted = id === undefined ? () => undefined : tellsUnder(id, tellProgress);
  const path = await chooseFile(fileNameAt(question, 'csv', new Date()));
  if (path === null) return nowhere;
  signal.throwIfAborted();
  tell(0, 0);
  const response = await rest.open(`/api/analytics/${question}`, { params, signal });
  const rows = await saveCsv(response.body, path, { signal, onProgress: atMostEvery(250, tell) });
  files.add(path);
  return { saved: 'file', path, rows };
}

/**
 * The query as parameters that ask for every row: the page size and the place in the pages are the screen's, not the answer's. Excel reads
 * UTF-8 only behind a byte order mark, and other spreadsheets skip it.
 */
export function exportParams(question: ListQuestion, query: Readonly<Record<string, unknown>>): URLSearchParams {
  const params = toSearchParams(questions[question].query.parse(query));
  params.delete('limit');
  params.delete('cursor');
  params.set('format', 'csv');
  params.set('bom', 'true');
  return params;
}

type Counted = (rows: number, bytes: number) => void;

const tellsUnder =
  (id: string, tell: ExportParts['tellProgress']): Counted =>
  (rows, bytes) =>
    tell({ id, rows, bytes });

function atMostEvery(quietMs: number, tell: Counted): Counted {
  let nextMs = 0;
  return (rows, bytes) => {
    const nowMs = performance.now();
    if (nowMs < nextMs) return;
    nextMs = nowMs + quietMs;
    tell(rows, bytes);
  };
}
