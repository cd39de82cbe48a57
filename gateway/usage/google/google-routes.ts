/** What the Gemini API can be asked, and what of it is metered. */
import type { Surface } from '../../../contract/usage-record.ts';
import type { Dialect, SurfaceRow } from '../adapter.ts';
import { plainDialect } from '../plain-dialect.ts';
import { cachedContentDialect } from './cached-content-dialect.ts';
import { contentDialect, googleErrorCode } from './content-dialect.ts';
import { embeddingDialect } from './embedding-dialect.ts';
import { interactionPollDialect, interactionsDialect } from './interactions-dialect.ts';
import { imageDialect, videoDialect } from './media-dialect.ts';

const plain = plainDialect({ errorCode: googleErrorCode, namesModel: false });

interface Method {
  readonly surface: Surface;
  readonly dialect: Dialect;
  readonly meters: string;
}

const contentMeters =
  'tokens by modality (cache, thoughts, tool use), images made, searches and map look-ups behind the answer';
const embeddingMeters = 'input tokens; estimated from the text where the model reports none';
const laterMeters = 'nothing: the usage stands in the result, later';
const nothing = 'nothing: counted as a call';
const countingMeters = 'nothing: counting is free and generates nothing';

/** Custom methods of `models/{model}` and `tunedModels/{model}`. */
export const modelMethods: Readonly<Record<string, Method>> = {
  generateContent: { surface: 'generateContent', dialect: contentDialect, meters: contentMeters },
  streamGenerateContent: {
    surface: 'streamGenerateContent',
    dialect: contentDialect,
    meters: `${contentMeters}; as SSE or as one JSON array`,
  },
  countTokens: { surface: 'countTokens', dialect: plain, meters: countingMeters },
  computeTokens: { surface: 'countTokens', dialect: plain, meters: countingMeters },
  embedContent: { surface: 'embedContent', dialect: embeddingDialect, meters: embeddingMeters },
  batchEmbedContents: { surface: 'batchEmbedContents', dialect: embeddingDialect, meters: embeddingMeters },
  predict: { surface: 'predict', dialect: imageDialect, meters: 'images made' },
  predictLongRunning: {
    surface: 'predictLongRunning',
    dialect: videoDialect,
    meters: 'video seconds × samples, once, when the job is accepted',
  },
  fetchPredictOperation: { surface: 'operations', dialect: plain, meters: 'nothing: a poll' },
  batchGenerateContent: { surface: 'batchGenerateContent', dialect: plain, meters: laterMeters },
  asyncBatchEmbedContent: { surface: 'batchGenerateContent', dialect: plain, meters: laterMeters },
};

/** Collections whose calls never generate, whatever the method. */
export const collections: Readonly<Record<string, Surface>> = {
  models: 'models',
  tunedModels: 'models',
  files: 'files',
  cachedContents: 'cachedContents',
  operations: 'operations',
  batches: 'batches',
  fileSearchStores: 'files',
  auth_tokens: 'operations',
};

const pollMeters = 'nothing, or once the usage of an interaction that ran in the background';

/** The rest of the table in docs/SURFACES.md; a test holds it against {@link collectionFor}. */
export const collectionMethods: readonly SurfaceRow[] = [
  {
    method: 'POST',
    path: '/v1beta/interactions',
    surface: 'interactions',
    meters: 'tokens by modality, searches, map look-ups and retrievals; of a stream the running totals',
  },
  { method: 'GET', path: '/v1beta/interactions/{id}', surface: 'operations', meters: pollMeters },
  { method: 'POST', path: '/v1beta/interactions/{id}/cancel', surface: 'operations', meters: pollMeters },
  {
    method: 'POST',
    path: '/v1beta/cachedContents',
    surface: 'cachedContents',
    meters: 'tokens written, and token-hours they are stored for',
  },
  { method: 'any', path: '/v1beta/cachedContents/{id}', surface: 'cachedContents', meters: nothing },
  { method: 'POST', path: '/upload/v1beta/files', surface: 'files', meters: nothing },
  { method: 'any', path: '/v1beta/files/{id}', surface: 'files', meters: nothing },
  { method: 'GET', path: '/v1beta/files/{id}:download', surface: 'files', meters: nothing },
  { method: 'any', path: '/v1beta/fileSearchStores/{id}', surface: 'files', meters: nothing },
  { method: 'any', path: '/v1beta/batches/{id}', surface: 'batches', meters: laterMeters },
  { method: 'GET', path: '/v1beta/models/{id}/operations/{id}', surface: 'operations', meters: 'nothing: a poll' },
  { method: 'any', path: '/v1beta/models', surface: 'models', meters: nothing },
  { method: 'any', path: '/v1beta/tunedModels', surface: 'models', meters: nothing },
  { method: 'POST', path: '/v1alpha/auth_tokens', surface: 'operations', meters: nothing },
  {
    method: 'GET',
    path: '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    surface: 'live',
    meters: 'WebSocket: tokens by modality, each turn added to the session',
  },
];

export const stripVerb = (segment: string): string => segment.split(/:|%3A/i, 1)[0] ?? segment;

export function collectionFor(method: string, segments: readonly string[]): Omit<Method, 'meters'> {
  const at = segments.indexOf('interactions');
  if (at !== -1) return interactionCall(method, segments.slice(at + 1));
  const name = segments.map(stripVerb).findLast((segment) => Object.hasOwn(collections, segment));
  const surface = name === undefined ? 'other' : (collections[name] ?? 'other');
  const writesCache = method === 'POST' && segments.at(-1) === 'cachedContents';
  return { surface, dialect: writesCache ? cachedContentDialect : plain };
}

function interactionCall(method: string, rest: readonly string[]): Omit<Method, 'meters'> {
  if (method === 'POST' && rest.length === 0) return { surface: 'interactions', dialect: interactionsDialect };
  const reads = (method === 'GET' && rest.length === 1) || (method === 'POST' && rest[1] === 'cancel');
  return { surface: 'operations', dialect: reads ? interactionPollDialect : plain };
}
