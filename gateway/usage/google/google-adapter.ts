/** Routes of the Gemini API (ai.google.dev/api) and of Vertex AI where the method is the same. */
import type { CallLine, Dialect, ProviderAdapter, Recognised } from '../adapter.ts';
import { decodeSegment, isVersion, segmentsOf, templateOf, verbOf } from '../endpoint-template.ts';
import { modelOf } from '../json-value.ts';
import { compatibleSurfaces, recogniseOpenAi } from '../openai/openai-adapter.ts';
import { plainDialect } from '../plain-dialect.ts';
import { googleErrorCode } from './content-dialect.ts';
import { collectionFor, collectionMethods, collections, modelMethods } from './google-routes.ts';
import { isLiveService, openLiveSession } from './live-session.ts';

const plain = plainDialect({ errorCode: googleErrorCode, namesModel: false });

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
]);
const customMethod = /^(?<target>[^:]*)(:|%3A)(?<verb>[A-Za-z]{1,40})$/i;

export const googleAdapter: ProviderAdapter = {
  provider: 'google',
  recognise,
  surfaces: [
    ...Object.entries(modelMethods).map(([verb, { surface, meters }]) => ({
      method: 'POST' as const,
      path: `/v1beta/models/{model}:${verb}`,
      surface,
      meters,
    })),
    ...collectionMethods.map(({ method, path, surface, meters }) => ({ method, path, surface, meters })),
    ...compatibleSurfaces('/v1beta/openai/'),
  ],
  openSession: ({ path }) => {
    const service = segmentsOf(path).at(-1) ?? '';
    return isLiveService(service) ? openLiveSession(collectionTemplate(segmentsOf(path))) : null;
  },
};

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
  const dialect: Dialect = surface === 'operations' ? plain : (known?.dialect ?? plain);
  return { route: { provider: 'google', surface, endpoint, modelRequested }, dialect };
}

function collectionCall(method: string, segments: readonly string[]): Recognised {
  const route = { provider: 'google', endpoint: collectionTemplate(segments), modelRequested: null } as const;
  if (isLiveService(segments.at(-1) ?? '')) return { route: { ...route, surface: 'live' }, dialect: plain };
  const { surface, dialect } = collectionFor(method, segments);
  return { route: { ...route, surface }, dialect };
}

/** A custom method on an id (`files/abc:download`) keeps its verb. */
function collectionTemplate(segments: readonly string[]): string {
  const last = segments.at(-1) ?? '';
  if (isLiveService(last)) return `${templateOf(segments.slice(0, -1), words)}/${last}`.replace(/^\/+/, '/');
  const { target, verb } = customMethod.exec(last)?.groups ?? {};
  if (target === undefined || verb === undefined) return templateOf(segments, words);
  return `${templateOf([...segments.slice(0, -1), target], words)}:${verbOf(verb)}`;
}
