/** Routes of the Gemini API (ai.google.dev/api) and of Vertex AI where the method is the same. */
import type { Surface } from '../../../contract/usage-record.ts';
import type { CallLine, Dialect, ProviderAdapter, Recognised } from '../adapter.ts';
import { decodeSegment, isVersion, segmentsOf, templateOf } from '../endpoint-template.ts';
import { modelOf } from '../json-value.ts';
import { recogniseOpenAi } from '../openai/openai-adapter.ts';
import { plainDialect } from '../plain-dialect.ts';
import { contentDialect, embeddingDialect, googleErrorCode } from './content-dialect.ts';
import { interactionsDialect } from './interactions-dialect.ts';

const plain = plainDialect({ errorCode: googleErrorCode, namesModel: false });

interface Method {
  readonly surface: Surface;
  readonly dialect: Dialect;
}
const modelMethods: Readonly<Record<string, Method>> = {
  generateContent: { surface: 'generateContent', dialect: contentDialect },
  streamGenerateContent: { surface: 'streamGenerateContent', dialect: contentDialect },
  countTokens: { surface: 'countTokens', dialect: plain },
  computeTokens: { surface: 'countTokens', dialect: plain },
  embedContent: { surface: 'embedContent', dialect: embeddingDialect },
  batchEmbedContents: { surface: 'batchEmbedContents', dialect: embeddingDialect },
  predict: { surface: 'predict', dialect: plain },
  predictLongRunning: { surface: 'predictLongRunning', dialect: plain },
  fetchPredictOperation: { surface: 'operations', dialect: plain },
  batchGenerateContent: { surface: 'batchGenerateContent', dialect: plain },
  asyncBatchEmbedContent: { surface: 'batchGenerateContent', dialect: plain },
};

/** Collections whose calls never generate, whatever the method. */
const collections: Readonly<Record<string, Surface>> = {
  models: 'models',
  tunedModels: 'models',
  files: 'files',
  cachedContents: 'cachedContents',
  operations: 'operations',
  batches: 'batches',
  fileSearchStores: 'files',
};

const words = new Set([
  ...Object.keys(collections),
  'upload',
  'download',
  'openai',
  'interactions',
  'cancel',
  'projects',
  'locations',
  'publishers',
  'google',
  'endpoints',
  'ws',
  'documents',
  'permissions',
  'auth_tokens',
]);
const customMethod = /^(?<target>[^:]*)(:|%3A)(?<verb>[A-Za-z]{1,40})$/i;
const liveService = /^google\.[a-z.\d]{1,80}\.GenerativeService\.BidiGenerateContent(Constrained)?$/;

export const googleAdapter: ProviderAdapter = { recognise };

function recognise(call: CallLine): Recognised {
  const segments = segmentsOf(call.path);
  const openaiAt = segments.indexOf('openai');
  if (openaiAt > 0 && isVersion(segments[openaiAt - 1] ?? '')) {
    const prefix = templateOf(segments.slice(0, openaiAt + 1), words);
    return recogniseOpenAi(call.method, segments.slice(openaiAt + 1), { provider: 'google', prefix });
  }
  return modelCall(call.method, segments) ?? collectionCall(call.method, segments);
}

/** `…/models/{model}:verb`. */
function modelCall(method: string, segments: readonly string[]): Recognised | null {
  const groups = customMethod.exec(segments.at(-1) ?? '')?.groups;
  const collection = segments.at(-2);
  const { target, verb } = groups ?? {};
  if (target === undefined || verb === undefined || (collection !== 'models' && collection !== 'tunedModels'))
    return null;
  const known = Object.hasOwn(modelMethods, verb) ? modelMethods[verb] : undefined;
  const name = decodeSegment(target);
  const endpoint = `${templateOf(segments.slice(0, -1), words)}/{model}:${known === undefined ? '{verb}' : verb}`;
  const modelRequested = modelOf(collection === 'tunedModels' ? `tunedModels/${name}` : name);
  const surface = method === 'POST' ? (known?.surface ?? 'other') : 'operations';
  return {
    route: { provider: 'google', surface, endpoint, modelRequested },
    dialect: surface === 'operations' ? plain : (known?.dialect ?? plain),
  };
}

function collectionCall(method: string, segments: readonly string[]): Recognised {
  const route = { provider: 'google', endpoint: collectionTemplate(segments), modelRequested: null } as const;
  if (segments.includes('interactions')) {
    const creates = method === 'POST' && segments.at(-1) === 'interactions';
    return {
      route: { ...route, surface: creates ? 'interactions' : 'operations' },
      dialect: creates ? interactionsDialect : plain,
    };
  }
  if (liveService.test(segments.at(-1) ?? '')) return { route: { ...route, surface: 'live' }, dialect: plain };
  const collection = segments.findLast((segment) => Object.hasOwn(collections, stripVerb(segment)));
  const surface = collection === undefined ? 'other' : (collections[stripVerb(collection)] ?? 'other');
  return { route: { ...route, surface }, dialect: plain };
}

const stripVerb = (segment: string): string => segment.split(':', 1)[0] ?? segment;

/** A custom method on an id (`files/abc:download`) keeps its verb. */
function collectionTemplate(segments: readonly string[]): string {
  const last = segments.at(-1) ?? '';
  if (liveService.test(last)) return `${templateOf(segments.slice(0, -1), words)}/${last}`.replace(/^\/+/, '/');
  const { target, verb } = customMethod.exec(last)?.groups ?? {};
  if (target === undefined || verb === undefined) return templateOf(segments, words);
  return `${templateOf([...segments.slice(0, -1), target], words)}:${verb}`;
}
