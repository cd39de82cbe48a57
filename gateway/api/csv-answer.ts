/** `format=csv` of a list question: rows leave as they are read, and reading stops when the client leaves. */
import type { ServerResponse } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../contract/errors.ts';
import { cellMaker, csvStream, type CsvRow } from './csv.ts';
import { listRows, listTable, type Ask, type ListName } from './list-export.ts';
import { parseQuestion } from './query-string.ts';
import { apiHeaders } from './response-headers.ts';

export interface CsvQuestion {
  readonly name: ListName;
  readonly params: URLSearchParams;
  readonly bom: boolean;
  readonly ask: Ask;
  readonly signal: AbortSignal;
}

/** Takes `format` and `bom` out of the parameters. @throws AppError `bad_request` for other values */
export function takeFormat(
  params: URLSearchParams,
  isList: boolean,
): { readonly format: 'json' | 'csv'; readonly bom: boolean } {
  const format = params.get('format') ?? 'json';
  const bom = params.get('bom') ?? 'false';
  if (format !== 'json' && !(format === 'csv' && isList)) {
    throw new AppError(
      'bad_request',
      `format: "${format}" is not accepted. Accepted: ${isList ? 'json, csv' : 'json'}.`,
      { field: 'format' },
    );
  }
  if (bom !== 'true' && bom !== 'false')
    throw new AppError('bad_request', 'bom: accepted are true, false.', { field: 'bom' });
  params.delete('format');
  params.delete('bom');
  return { format, bom: bom === 'true' };
}

/** The two ends of a pipeline that the caller finishes with where the text shall go; a broken end stops the reading behind it. */
export interface CsvRows {
  readonly rows: Readable;
  readonly format: Transform;
}

/**
 * Resolves once the first row proves that the question can be answered; until then an error is an error, later it destroys the stream.
 * @throws AppError of the question
 */
export async function sendableRows({ name, params, bom, ask, signal }: CsvQuestion): Promise<CsvRows> {
  const whole = !params.has('limit');
  const query = parseQuestion(name, params);
  const rows = listRows(name, query, ask, signal, whole);
  const first = await rows.next();
  const table = listTable(name);
  return { rows: Readable.from(cells(first, rows, cellMaker(table, query.tz))), format: csvStream(table, { bom }) };
}

export async function sendCsv(question: CsvQuestion, response: ServerResponse): Promise<void> {
  const { rows, format } = await sendableRows(question);
  response.writeHead(200, {
    ...apiHeaders,
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="aism-${question.name}-${new Date().toISOString().slice(0, 10)}.csv"`,
  });
  if (response.req.method === 'HEAD') {
    rows.destroy();
    response.end();
    return;
  }
  await pipeline(rows, format, response, { signal: question.signal });
}

async function* cells(
  first: IteratorResult<CsvRow>,
  rest: AsyncGenerator<CsvRow>,
  toCells: (row: CsvRow) => readonly unknown[],
): AsyncGenerator<readonly unknown[]> {
  if (first.done === true) return;
  yield toCells(first.value);
  for await (const row of rest) yield toCells(row);
}
