/** What the OpenAI API can be asked below its version, and what of it is metered. Google's compatible endpoint has the same paths. */
import type { Surface } from '../../../contract/usage-record.ts';
import type { SurfaceRow } from '../adapter.ts';
import type { RouteRow } from '../route-table.ts';

/** Names of dialects: a compatible endpoint has its own set. */
export type DialectName =
  | 'chat'
  | 'responses'
  | 'responsePoll'
  | 'images'
  | 'speech'
  | 'transcription'
  | 'counting'
  | 'plain';
type Row = RouteRow<DialectName>;

const nothing = 'nothing: counted as a call';
const chatMeters = 'tokens (cache, reasoning, audio, images); of a stream where it tells usage';
const responseMeters = 'tokens, web and file searches, images made; also of incomplete and failed responses';
const pollMeters = 'nothing, or once the usage of a response that ran in the background';
const imageMeters = 'tokens by modality where reported, images made';
const transcriptionMeters = 'tokens, or seconds of audio for models billed by duration';

const generates = (path: string, surface: Surface, dialect: DialectName, meters: string): Row => ({
  method: 'POST',
  path,
  surface,
  dialect,
  meters,
});
const only = (method: SurfaceRow['method'], path: string, surface: Surface, meters = nothing): Row => ({
  method,
  path,
  surface,
  dialect: 'plain',
  meters,
});

export const openaiRoutes: readonly Row[] = [
  generates('chat/completions', 'chat.completions', 'chat', chatMeters),
  generates('responses', 'responses', 'responses', responseMeters),
  generates('responses/compact', 'responses', 'responses', responseMeters),
  generates('responses/input_tokens', 'countTokens', 'counting', 'nothing: counting is free and generates nothing'),
  { method: 'GET', path: 'responses/{id}', surface: 'operations', dialect: 'responsePoll', meters: pollMeters },
  { method: 'POST', path: 'responses/{id}/cancel', surface: 'operations', dialect: 'responsePoll', meters: pollMeters },
  generates('embeddings', 'embeddings', 'chat', 'input tokens'),
  generates('completions', 'completions', 'chat', chatMeters),
  generates('images/generations', 'images', 'images', imageMeters),
  generates('images/edits', 'images', 'images', imageMeters),
  generates('images/variations', 'images', 'images', imageMeters),
  generates('audio/speech', 'audio', 'speech', 'characters spoken; tokens where a stream reports them'),
  generates('audio/transcriptions', 'audio', 'transcription', transcriptionMeters),
  generates('audio/translations', 'audio', 'transcription', transcriptionMeters),
  generates('moderations', 'moderations', 'chat', 'nothing: moderation is free and reports no usage'),
  only('GET', 'realtime', 'realtime', 'WebSocket: tokens by modality of every response, added to the session'),
  only('POST', 'realtime/calls', 'realtime', 'no usage: the media of a WebRTC call do not pass here'),
  only('any', 'realtime/…', 'operations'),
  only('any', 'batches/…', 'batches', 'nothing: the usage stands in the result, later'),
  only('any', 'files/…', 'files'),
  only('any', 'uploads/…', 'files'),
  only('any', 'models/…', 'models'),
  only('any', 'chat/…', 'operations'),
  only('any', 'responses/…', 'operations'),
  only('any', 'embeddings/…', 'operations'),
  only('any', 'completions/…', 'operations'),
  only('any', 'images/…', 'operations'),
  only('any', 'audio/…', 'operations'),
  only('any', 'moderations/…', 'operations'),
];

/** First segments of the table: where in a path it begins. */
export const openaiResources: ReadonlySet<string> = new Set(
  openaiRoutes.map(({ path }) => path.split('/', 1)[0] ?? ''),
);
