/** Routes of the Anthropic API (platform.claude.com/docs/en/api). */
import type { CallLine, ProviderAdapter, Recognised } from '../adapter.ts';
import { segmentsOf, templateOf } from '../endpoint-template.ts';
import { plainDialect } from '../plain-dialect.ts';
import { routeFinder, surfaceRows, type RouteRow } from '../route-table.ts';
import { anthropicErrorCode, messagesDialect } from './messages-dialect.ts';

const plain = plainDialect({ errorCode: anthropicErrorCode, namesModel: false });
const counting = plainDialect({ errorCode: anthropicErrorCode, namesModel: true });
const nothing = 'nothing: counted as a call';

const rows: readonly RouteRow[] = [
  {
    method: 'POST',
    path: 'messages',
    surface: 'messages',
    dialect: messagesDialect,
    meters: 'tokens (cache reads, writes for 5 minutes and 1 hour, thinking), web searches',
  },
  {
    method: 'any',
    path: 'messages/count_tokens',
    surface: 'count_tokens',
    dialect: counting,
    meters: 'nothing: counting is free and generates nothing',
  },
  {
    method: 'any',
    path: 'messages/batches/…',
    surface: 'message.batches',
    dialect: plain,
    meters: 'nothing: the usage stands in the results, later',
  },
  { method: 'any', path: 'messages/…', surface: 'operations', dialect: plain, meters: nothing },
  {
    method: 'POST',
    path: 'complete',
    surface: 'completions',
    dialect: counting,
    meters: 'no usage is reported (legacy)',
  },
  { method: 'any', path: 'models/…', surface: 'models', dialect: plain, meters: nothing },
  { method: 'any', path: 'files/…', surface: 'files', dialect: plain, meters: nothing },
];
const find = routeFinder(rows);

const words = new Set([
  'messages',
  'count_tokens',
  'batches',
  'results',
  'cancel',
  'complete',
  'models',
  'files',
  'content',
  'organizations',
]);

export const anthropicAdapter: ProviderAdapter = {
  provider: 'anthropic',
  recognise,
  surfaces: surfaceRows(rows, '/v1/'),
};

function recognise(call: CallLine): Recognised {
  const segments = segmentsOf(call.path);
  const start = segments.findIndex((segment) => words.has(segment));
  const found = start === -1 ? undefined : find(call.method, segments.slice(start));
  const route = { provider: 'anthropic', endpoint: templateOf(segments, words), modelRequested: null } as const;
  return { route: { ...route, surface: found?.surface ?? 'other' }, dialect: found?.dialect ?? plain };
}
