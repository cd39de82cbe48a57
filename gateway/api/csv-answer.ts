/** `format=csv` of a list question: rows leave as they are read, and reading stops when the client leaves. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../contract/errors.ts';
import { cellMaker, csvStream, type CsvRow } from './csv.ts';
import { listRows, listTable, type Ask, type ListName } from './list-export.ts';
import { parseQuestion } from './query-string.ts';
import { apiHeaders } from './response-headers.ts';

export interface CsvAnswer {
  readonly name: ListName;
  readonly params: URLSearchParams;
  readonly bom: boolean;
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly response: ServerResponse;
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

export async function sendCsv({ name, params, bom, ask, signal, response }: CsvAnswer): Promise<void> {
  const whole = !params.has('limit');
  const query = parseQuestion(name, params);
  const rows = listRows(name, query, ask, signal, whole);
  // The first row proves that the question can be answered; until then an error is a proper problem answer.
  const first = await rows.next();
  response.writeHead(200, {
    ...apiHeaders,
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="aism-${name}-${new Date().toISOString().slice(0, 10)}.csv"`,
  });
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  const table = listTable(name);
  const source = Readable.from(cells(first, rows, cellMaker(table, query.tz)));
  await pipeline(source, csvStream(table, { timeZone: query.tz, bom }), response, { signal });
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
