/** Routes of the Anthropic API (platform.claude.com/docs/en/api). */
import type { Surface } from '../../../contract/usage-record.ts';
import type { CallLine, Dialect, ProviderAdapter, Recognised } from '../adapter.ts';
import { segmentsOf, templateOf } from '../endpoint-template.ts';
import { plainDialect } from '../plain-dialect.ts';
import { anthropicErrorCode, messagesDialect } from './messages-dialect.ts';

const plain = plainDialect({ errorCode: anthropicErrorCode, namesModel: false });
const counting = plainDialect({ errorCode: anthropicErrorCode, namesModel: true });

/** Matched in order against the path below the version; `POST` only where a method stands. */
const routes: readonly {
  readonly path: RegExp;
  readonly method?: string;
  readonly surface: Surface;
  readonly dialect: Dialect;
}[] = [
  { path: /^messages$/, method: 'POST', surface: 'messages', dialect: messagesDialect },
  { path: /^messages\/count_tokens$/, surface: 'count_tokens', dialect: counting },
  { path: /^messages\/batches(\/|$)/, surface: 'message.batches', dialect: plain },
  { path: /^messages(\/|$)/, surface: 'operations', dialect: plain },
  { path: /^complete$/, method: 'POST', surface: 'completions', dialect: counting },
  { path: /^models(\/|$)/, surface: 'models', dialect: plain },
  { path: /^files(\/|$)/, surface: 'files', dialect: plain },
];

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

export const anthropicAdapter: ProviderAdapter = { recognise };

function recognise(call: CallLine): Recognised {
  const segments = segmentsOf(call.path);
  const start = segments.findIndex((segment) => words.has(segment));
  const rest = start === -1 ? '' : segments.slice(start).join('/');
  const found = routes.find(({ path, method }) => path.test(rest) && (method === undefined || method === call.method));
  const route = { provider: 'anthropic', endpoint: templateOf(segments, words), modelRequested: null } as const;
  return { route: { ...route, surface: found?.surface ?? 'other' }, dialect: found?.dialect ?? plain };
}
