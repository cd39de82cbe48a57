/** Routes of the OpenAI API (platform.openai.com/docs/api-reference), of Azure deployments and of Google's compatible endpoint. */
import type { Provider, Surface } from '../../../contract/usage-record.ts';
import type { CallLine, Dialect, ProviderAdapter, Recognised } from '../adapter.ts';
import { decodeSegment, segmentsOf, templateOf } from '../endpoint-template.ts';
import { modelOf } from '../json-value.ts';
import { plainDialect } from '../plain-dialect.ts';
import { chatDialect } from './chat-dialect.ts';
import { openaiErrorCode } from './openai-dialect.ts';
import { responsesDialect } from './responses-dialect.ts';

interface Family {
  readonly chat: Dialect;
  readonly responses: Dialect;
}
const ownFamily: Family = { chat: chatDialect(false), responses: responsesDialect(false) };
const compatibleFamily: Family = { chat: chatDialect(true), responses: responsesDialect(true) };
const plain = plainDialect({ errorCode: openaiErrorCode, namesModel: false });
const counting = plainDialect({ errorCode: openaiErrorCode, namesModel: true });

/** Paths below the version that generate when posted to. */
const generating: readonly (readonly [RegExp, Surface, keyof Family])[] = [
  [/^chat\/completions$/, 'chat.completions', 'chat'],
  [/^responses(\/compact)?$/, 'responses', 'responses'],
  [/^embeddings$/, 'embeddings', 'chat'],
  [/^completions$/, 'completions', 'chat'],
  [/^images\/(generations|edits|variations)$/, 'images', 'chat'],
  [/^audio\/(speech|transcriptions|translations)$/, 'audio', 'chat'],
  [/^moderations$/, 'moderations', 'chat'],
];
/** Resources whose other calls (reading, listing, cancelling) never generate. */
const resources: Readonly<Record<string, Surface>> = {
  chat: 'operations',
  responses: 'operations',
  embeddings: 'operations',
  completions: 'operations',
  images: 'operations',
  audio: 'operations',
  moderations: 'operations',
  realtime: 'realtime',
  batches: 'batches',
  files: 'files',
  uploads: 'files',
  models: 'models',
};

const words = new Set([
  ...Object.keys(resources),
  ...`generations edits variations speech transcriptions translations sessions client_secrets transcription_sessions calls content parts
  complete cancel input_items input_tokens compact messages openai deployments conversations items vector_stores videos fine_tuning jobs
  organization usage costs assistants threads runs containers search events evals`.split(/\s+/),
]);

export const openaiAdapter: ProviderAdapter = {
  recognise: (call: CallLine) =>
    recogniseOpenAi(call.method, segmentsOf(call.path), { provider: 'openai', prefix: '' }),
};

/** `prefix` is the templated path before `segments`, for an OpenAI-compatible endpoint of another provider. */
export function recogniseOpenAi(
  method: string,
  segments: readonly string[],
  host: { readonly provider: Provider; readonly prefix: string },
): Recognised {
  const start = segments.findIndex((segment) => Object.hasOwn(resources, segment));
  const endpoint = `${host.prefix}${segments.length === 0 && host.prefix !== '' ? '' : templateOf(segments, words)}`;
  const route = { provider: host.provider, endpoint, modelRequested: deploymentOf(segments) };
  if (start === -1) return { route: { ...route, surface: 'other' }, dialect: plain };
  const rest = segments.slice(start).join('/');
  if (method === 'POST' && rest === 'responses/input_tokens')
    return { route: { ...route, surface: 'countTokens' }, dialect: counting };
  const made = method === 'POST' ? generating.find(([pattern]) => pattern.test(rest)) : undefined;
  if (made !== undefined) {
    const [, surface, dialect] = made;
    return {
      route: { ...route, surface },
      dialect: (host.provider === 'google' ? compatibleFamily : ownFamily)[dialect],
    };
  }
  return { route: { ...route, surface: resources[segments[start] ?? ''] ?? 'other' }, dialect: plain };
}

/** Azure names the model in the path: `/openai/deployments/{deployment}/chat/completions`. */
function deploymentOf(segments: readonly string[]): string | null {
  const at = segments.indexOf('deployments');
  const name = at === -1 ? undefined : segments[at + 1];
  return name === undefined ? null : modelOf(decodeSegment(name));
}
