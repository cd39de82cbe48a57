/** Routes of the OpenAI API (platform.openai.com/docs/api-reference), of Azure deployments and of Google's compatible endpoint. */
import type { Provider } from '../../../contract/usage-record.ts';
import type { CallLine, Dialect, ProviderAdapter, Recognised, SurfaceRow } from '../adapter.ts';
import { decodeSegment, segmentsOf, templateOf } from '../endpoint-template.ts';
import { modelOf } from '../json-value.ts';
import { plainDialect } from '../plain-dialect.ts';
import { routeFinder, surfaceRows } from '../route-table.ts';
import { speechDialect, transcriptionDialect } from './audio-dialect.ts';
import { chatDialect } from './chat-dialect.ts';
import { imagesDialect } from './images-dialect.ts';
import { openaiErrorCode } from './openai-dialect.ts';
import { openaiResources, openaiRoutes, type DialectName } from './openai-routes.ts';
import { openRealtimeSession } from './realtime-session.ts';
import { responsePollDialect, responsesDialect } from './responses-dialect.ts';

function dialectsOf(hidesReasoning: boolean): Readonly<Record<DialectName, Dialect>> {
  return {
    chat: chatDialect(hidesReasoning),
    responses: responsesDialect(hidesReasoning),
    responsePoll: responsePollDialect(hidesReasoning),
    images: imagesDialect,
    speech: speechDialect,
    transcription: transcriptionDialect,
    counting: plainDialect({ errorCode: openaiErrorCode, namesModel: true }),
    plain: plainDialect({ errorCode: openaiErrorCode, namesModel: false }),
  };
}
const own = dialectsOf(false);
const compatible = dialectsOf(true);
const find = routeFinder(openaiRoutes);

const words = new Set([
  ...openaiResources,
  ...`generations edits variations speech transcriptions translations sessions client_secrets transcription_sessions calls content parts
  complete completions cancel input_items input_tokens compact messages openai deployments conversations items vector_stores videos
  fine_tuning jobs organization usage costs assistants threads runs containers search events evals`.split(/\s+/),
]);

export const openaiAdapter: ProviderAdapter = {
  provider: 'openai',
  recognise: (call: CallLine) =>
    recogniseOpenAi(call.method, segmentsOf(call.path), { provider: 'openai', prefix: '' }),
  surfaces: [
    ...surfaceRows(openaiRoutes, '/v1/'),
    ...surfaceRows(openaiRoutes.slice(0, 1), '/openai/deployments/{id}/'),
  ],
  openSession: (line) => (segmentsOf(line.path).at(-1) === 'realtime' ? openRealtimeSession(line) : null),
};

export const compatibleSurfaces = (prefix: string): readonly SurfaceRow[] =>
  surfaceRows(
    openaiRoutes.filter(({ path }) => /^(chat\/completions|embeddings|images\/generations|models\/…)$/.test(path)),
    prefix,
  );

/** `prefix` is the templated path before `segments`, for an OpenAI-compatible endpoint of another provider. */
export function recogniseOpenAi(
  method: string,
  segments: readonly string[],
  host: { readonly provider: Provider; readonly prefix: string },
): Recognised {
  const start = segments.findIndex(
    (segment, index) => openaiResources.has(segment) && segments[index - 1] !== 'deployments',
  );
  const endpoint = `${host.prefix}${segments.length === 0 && host.prefix !== '' ? '' : templateOf(segments, words)}`;
  const found = start === -1 ? undefined : find(method, segments.slice(start));
  const dialects = host.provider === 'google' ? compatible : own;
  return {
    route: {
      provider: host.provider,
      endpoint,
      modelRequested: deploymentOf(segments),
      surface: found?.surface ?? 'other',
    },
    dialect: dialects[found?.dialect ?? 'plain'],
  };
}

/** Azure names the model in the path: `/openai/deployments/{deployment}/chat/completions`. */
export function deploymentOf(segments: readonly string[]): string | null {
  const at = segments.indexOf('deployments');
  const name = at === -1 ? undefined : segments[at + 1];
  return name === undefined ? null : modelOf(decodeSegment(name));
}
