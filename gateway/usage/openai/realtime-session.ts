/**
 * OpenAI Realtime (RealtimeResponse, ConversationItemInputAudioTranscriptionCompletedEvent of the openai package). Every `response.done` brings
 * the usage of that response, context included, as it is billed; responses add up. What was said is written down by a second model with its
 * own price: its usage is kept apart, in units.
 */
import type { Unit } from '../../../contract/usage-record.ts';
import type { SessionDialect, SessionLine } from '../adapter.ts';
import type { JsonShape } from '../body/json-pruner.ts';
import { countUnit, noteToken, type Draft } from '../draft.ts';
import { segmentsOf, templateOf } from '../endpoint-template.ts';
import { isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { addCounts } from '../session/running-totals.ts';
import { noCounts, withUnits } from '../usage-counts.ts';
import { errorShape, openaiErrorCode } from './openai-dialect.ts';
import { openaiCounts } from './openai-usage.ts';

const serverShape: JsonShape = {
  type: 'keep',
  delta: 'sign',
  item_id: 'keep',
  session: { model: 'keep' },
  response: { id: 'keep', status: 'keep', usage: 'keep', status_details: { reason: 'keep', error: errorShape } },
  usage: 'keep',
  error: errorShape,
};
const words = new Set(['openai', 'realtime', 'deployments']);

export function openRealtimeSession({ path, query }: SessionLine): SessionDialect {
  let total = noCounts;
  let turns = 0;
  const isNew = createSeen();
  const addResponse = (response: JsonObject, draft: Draft): void => {
    draft.finishReason = symbolOf(response['status']) ?? draft.finishReason;
    const details = response['status_details'];
    if (isObject(details) && isObject(details['error'])) draft.errorCode = openaiErrorCode(details['error']);
    if (!isObject(response['usage']) || !isNew(response['id'])) return;
    draft.nativeUsage = response['usage'];
    turns += 1;
    total = addCounts(total, openaiCounts(response['usage'], false));
  };
  return {
    route: {
      provider: 'openai',
      surface: 'realtime',
      endpoint: templateOf(segmentsOf(path), words),
      modelRequested: modelOf(query.get('model') ?? query.get('deployment')),
    },
    clientShape: {},
    serverShape,
    readsClient: () => false,
    readClient: () => undefined,
    readServer(message, draft, atMs) {
      const { type } = message;
      if (typeof type !== 'string') return;
      if (type.startsWith('response.') && type.endsWith('.delta') && isPresent(message['delta']))
        noteToken(draft, atMs);
      if (isObject(message['session'])) draft.model = modelOf(message['session']['model']) ?? draft.model;
      if (type === 'response.done' && isObject(message['response'])) addResponse(message['response'], draft);
      if (type === 'error' && isObject(message['error'])) draft.errorCode = openaiErrorCode(message['error']);
      if (type === transcribed && isNew(message['item_id'])) addTranscript(message, draft);
    },
    counts: (draft) => withUnits(total, draft.units, 'reported'),
    turns: () => turns,
  };
}

const mostSeen = 256;

/** Remembers the latest ids, so that a repeated message is not counted again; one without an id is always new. */
function createSeen(): (id: unknown) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (typeof id !== 'string') return true;
    const key = id.slice(0, 128);
    if (seen.has(key)) return false;
    const oldest = seen.size < mostSeen ? undefined : seen.values().next().value;
    if (oldest !== undefined) seen.delete(oldest);
    seen.add(key);
    return true;
  };
}

const transcribed = 'conversation.item.input_audio_transcription.completed';

function addTranscript({ usage }: JsonObject, draft: Draft): void {
  if (!isObject(usage)) return;
  const [unit, count]: readonly [Unit, unknown] =
    usage['type'] === 'duration' ? ['audioSeconds', usage['seconds']] : ['transcriptionTokens', usage['total_tokens']];
  if (typeof count === 'number' && Number.isFinite(count) && count > 0) countUnit(draft, unit, count);
}
