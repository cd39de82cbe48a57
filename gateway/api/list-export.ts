/** The list questions as CSV: which answers are lists, of what rows, and how to walk through all pages of `calls`. */
import {
  EndpointRow,
  ErrorRow,
  LimitRow,
  listLimit,
  ModelRow,
  PrincipalRow,
  UnmeteredRow,
  UsagePoint,
  type QuestionAnswer,
  type QuestionName,
  type QuestionQuery,
} from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import { UsageRecord } from '../../contract/usage-record.ts';
import { tableOf, type CsvRow, type CsvTable } from './csv.ts';

/** Asks one question of the warehouse. */
export type Ask = <K extends QuestionName>(
  name: K,
  query: QuestionQuery<K>,
  signal: AbortSignal,
) => Promise<QuestionAnswer<K>>;

export type ListName = Exclude<QuestionName, 'metrics'>;

const tables: { readonly [K in ListName]: CsvTable } = {
  usage: tableOf(UsagePoint),
  models: tableOf(ModelRow),
  endpoints: tableOf(EndpointRow),
  users: tableOf(PrincipalRow),
  sessions: tableOf(PrincipalRow),
  keys: tableOf(PrincipalRow),
  errors: tableOf(ErrorRow),
  unmetered: tableOf(UnmeteredRow),
  limits: tableOf(LimitRow),
  calls: tableOf(UsageRecord),
};

export const isList = (name: QuestionName): name is ListName => name in tables;

export const listTable = (name: ListName): CsvTable => tables[name];

export const callsPage = 5000; // the most one question gives

/**
 * All rows of a list question, unless a number of them was asked for (`whole` is false). `calls` follows its cursor to the end; its range is
 * fixed by the first page, so that a relative one (`24h`) does not move while pages are read.
 */
export async function* listRows(
  name: ListName,
  query: QuestionQuery<ListName>,
  ask: Ask,
  signal: AbortSignal,
  whole: boolean,
): AsyncGenerator<CsvRow> {
  if (name !== 'calls') {
    yield* await shortList(name, whole && 'limit' in query ? { ...query, limit: listLimit } : query, ask, signal);
    return;
  }
  let page: QuestionQuery<'calls'> = whole ? { ...query, limit: callsPage } : { limit: callsPage, ...query };
  for (;;) {
    const { calls, next, range } = await ask('calls', page, signal);
    yield* calls;
    if (!whole || next === null) return;
    const { range: _preset, ...rest } = page;
    page = { ...rest, from: range.from, to: range.to, cursor: next };
  }
}

/** Lists besides `calls` have one row a group and come in one answer. A part is never passed off as the whole. */
async function shortList(
  name: Exclude<ListName, 'calls'>,
  query: QuestionQuery<ListName>,
  ask: Ask,
  signal: AbortSignal,
): Promise<readonly CsvRow[]> {
  const answer: Readonly<Record<string, unknown>> = await ask(name, query, signal);
  const rows = answer[name === 'usage' ? 'points' : name];
  if (!Array.isArray(rows)) return [];
  if ('limit' in query && query.limit === listLimit && rows.length === listLimit)
    throw new AppError('bad_request', `More than ${listLimit} rows; choose a shorter period, or filter`, {
      field: 'limit',
    });
  return rows;
}
