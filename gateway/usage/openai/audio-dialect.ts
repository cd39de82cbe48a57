/**
 * Audio API. A transcription reports tokens, or seconds where the model is billed by duration (Transcription.Tokens, Transcription.Duration of the
 * openai package); its request is a form. Speech answers with sound: only its SSE form reports tokens, so the characters to be spoken, by
 * which tts-1 is billed, are counted from the request. The text itself is not kept.
 */
import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { isObject, isPresent, modelOf, type JsonObject } from '../json-value.ts';
import { noCounts, withUnits, type UsageCounts } from '../usage-counts.ts';
import { errorShape, openaiCommon } from './openai-dialect.ts';
import { openaiCounts } from './openai-usage.ts';

const common = openaiCommon(false);

export const transcriptionDialect: Dialect = {
  ...common,
  requestShape: { model: 'keep', stream: 'keep' },
  responseShape: { type: 'keep', delta: 'sign', duration: 'keep', usage: 'keep', error: errorShape },
  readRequest(body, draft) {
    draft.modelRequested = modelOf(body['model']) ?? draft.modelRequested;
    draft.streamed ||= body['stream'] === true || body['stream'] === 'true';
  },
  readBody(body, draft) {
    mergeUsage(draft, body['usage']);
    noteSeconds(body['duration'], draft);
  },
  readEvent(event, draft, atMs) {
    if (event['type'] === 'transcript.text.delta' && isPresent(event['delta'])) noteToken(draft, atMs);
    mergeUsage(draft, event['usage']);
  },
  counts({ nativeUsage, noted }) {
    const billed = nativeUsage?.['type'] === 'duration' ? secondsOf(nativeUsage['seconds']) : null;
    if (billed === undefined) return { ...noCounts, usageFault: 'invalid_count' };
    const seconds = billed ?? (nativeUsage === null ? (noted.seconds ?? 0) : 0);
    return withUnits(tokenCounts(nativeUsage), { audioSeconds: seconds }, 'reported');
  },
};

export const speechDialect: Dialect = {
  ...common,
  requestShape: { ...common.requestShape, input: 'keep', stream_format: 'keep' },
  responseShape: { type: 'keep', audio: 'sign', usage: 'keep', error: errorShape },
  readRequest(body, draft) {
    common.readRequest(body, draft);
    draft.streamed ||= body['stream_format'] === 'sse';
    if (typeof body['input'] === 'string') draft.noted.characters = [...body['input']].length;
  },
  readBody: () => undefined,
  readEvent(event, draft, atMs) {
    if (event['type'] === 'speech.audio.delta' && isPresent(event['audio'])) noteToken(draft, atMs);
    mergeUsage(draft, event['usage']);
  },
  counts({ nativeUsage, noted }) {
    const counts = tokenCounts(nativeUsage);
    const spoken = counts.outputTokens === null ? null : { AUDIO: counts.outputTokens };
    const modalities = spoken === null ? counts.modalities : { ...counts.modalities, output: spoken };
    return withUnits({ ...counts, modalities }, { inputCharacters: noted.characters ?? 0 }, 'derived');
  },
};

function tokenCounts(usage: JsonObject | null): UsageCounts {
  return isObject(usage) && usage['type'] !== 'duration' ? openaiCounts(usage, false) : noCounts;
}

/** Undefined when there is something that is no duration. */
function secondsOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Verbose answers without usage say how long the audio was. */
function noteSeconds(value: unknown, draft: Draft): void {
  const seconds = secondsOf(typeof value === 'string' && value !== '' ? Number(value) : value);
  if (typeof seconds === 'number') draft.noted.seconds = seconds;
}
