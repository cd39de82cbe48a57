/** Events as in the Realtime types of the openai package (RealtimeResponse, ConversationItemInputAudioTranscriptionCompletedEvent). */
import { describe, expect, it } from 'vitest';
import { openSessionMeter, type SessionMeter } from '../../../../gateway/usage/session/session-meter.ts';

function session(path = '/v1/realtime', query = 'model=gpt-realtime'): SessionMeter {
  const meter = openSessionMeter({ upstream: { provider: 'openai' }, path, query: new URLSearchParams(query) });
  if (meter === null) throw new Error('Realtime is a session');
  return meter;
}

const tell = (meter: SessionMeter, ...events: readonly object[]): void => {
  for (const event of events) meter.serverMessage(Buffer.from(JSON.stringify(event)), true, 11);
};
const done = (id: string, input: number, output: number, more: object = {}): object => ({
  type: 'response.done',
  response: {
    id,
    object: 'realtime.response',
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'audio', transcript: 'secret' }] }],
    usage: {
      total_tokens: input + output,
      input_tokens: input,
      output_tokens: output,
      input_token_details: {
        cached_tokens: 8,
        text_tokens: 10,
        audio_tokens: input - 10,
        cached_tokens_details: { text_tokens: 0, audio_tokens: 8 },
      },
      output_token_details: { text_tokens: 0, audio_tokens: output },
    },
    ...more,
  },
});

describe('an OpenAI Realtime session', () => {
  it('takes its model from the address, and the served one from the session', () => {
    const meter = session();
    expect(meter.route).toEqual({
      provider: 'openai',
      surface: 'realtime',
      endpoint: '/v1/realtime',
      modelRequested: 'gpt-realtime',
    });
    tell(meter, { type: 'session.created', session: { id: 'sess_1', model: 'gpt-realtime-2025-08-28' } });
    expect(meter.facts()).toMatchObject({ model: 'gpt-realtime-2025-08-28', usageSource: 'none' });
    expect(session('/openai/realtime', 'api-version=2025-04-01&deployment=voice&api-key=secret').route).toMatchObject({
      endpoint: '/openai/realtime',
      modelRequested: 'voice',
    });
  });

  it('adds up its responses, each once', () => {
    const meter = session();
    tell(meter, done('resp_1', 100, 20));
    expect(meter.facts()).toMatchObject({
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      usageSource: 'reported',
    });
    tell(meter, done('resp_1', 100, 20), done('resp_2', 200, 40), done('resp_3', 300, 0, { status: 'cancelled' }));
    expect(meter.turns()).toBe(3);
    expect(meter.facts()).toMatchObject({
      inputTokens: 600,
      cachedInputTokens: 24,
      outputTokens: 60,
      totalTokens: 660,
      usageSource: 'derived',
      usageMismatch: false,
      finishReason: 'cancelled',
      modalities: { input: { TEXT: 30, AUDIO: 570 }, cachedInput: { AUDIO: 24 }, output: { AUDIO: 60 } },
    });
    expect(JSON.stringify({ ...meter.facts(), nativeUsage: null })).not.toContain('secret');
  });

  it('keeps the usage of the model that writes down what was said apart', () => {
    const meter = session();
    const written = (itemId: string, usage: object) => ({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: itemId,
      transcript: 'secret',
      usage,
    });
    tell(
      meter,
      done('resp_1', 100, 20),
      written('item_1', { type: 'duration', seconds: 2.5 }),
      written('item_1', { type: 'duration', seconds: 2.5 }),
      written('item_2', { type: 'tokens', input_tokens: 26, output_tokens: 9, total_tokens: 35 }),
      written('item_3', { type: 'duration', seconds: -1 }),
    );
    expect(meter.facts()).toMatchObject({ totalTokens: 120, units: { audioSeconds: 2.5, transcriptionTokens: 35 } });
  });

  it('notes the first piece of an answer and the code of an error', () => {
    const meter = session();
    tell(meter, { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', usage: null } });
    expect(meter.firstTokenMs()).toBeNull();
    tell(meter, { type: 'response.output_audio.delta', delta: 'QUJD'.repeat(3_000) });
    expect(meter.firstTokenMs()).toBe(11);
    tell(meter, { type: 'error', error: { type: 'invalid_request_error', code: 'invalid_value', message: 'secret' } });
    expect(meter.facts()).toMatchObject({ errorCode: 'invalid_value', outcomeHint: null });
  });

  it('holds no more after ten thousand responses than after a few', () => {
    const meter = session();
    for (let index = 0; index < 10_000; index += 1) tell(meter, done(`resp_${index}`, 100, 1));
    expect(meter.facts()).toMatchObject({ inputTokens: 1_000_000, outputTokens: 10_000 });
    expect(meter.turns()).toBe(10_000);
  });
});
