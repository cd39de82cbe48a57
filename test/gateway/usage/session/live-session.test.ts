/** Messages as in LiveClientMessage and LiveServerMessage of @google/genai 3.1.0. */
import { describe, expect, it } from 'vitest';
import { openSessionMeter, type SessionMeter } from '../../../../gateway/usage/session/session-meter.ts';

const path = '//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

function session(query = 'key=secret-key'): SessionMeter {
  const meter = openSessionMeter({ upstream: { provider: 'google' }, path, query: new URLSearchParams(query) });
  if (meter === null) throw new Error('Live is a session');
  meter.clientMessage(
    json({ setup: { model: 'models/gemini-2.5-flash-native-audio', labels: { team: 'voice' } } }),
    true,
  );
  return meter;
}

const json = (message: object): Buffer => Buffer.from(JSON.stringify(message));
const tell = (meter: SessionMeter, ...messages: readonly object[]): void => {
  for (const message of messages) meter.serverMessage(json(message), true, 5);
};
const sound = {
  serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: 'QUJD'.repeat(5_000) } }] } },
};
const over = { serverContent: { turnComplete: true } };
const usage = (prompt: number, response: number, more: object = {}): object => ({
  usageMetadata: {
    promptTokenCount: prompt,
    responseTokenCount: response,
    totalTokenCount: prompt + response,
    promptTokensDetails: [{ modality: 'AUDIO', tokenCount: prompt }],
    responseTokensDetails: [{ modality: 'AUDIO', tokenCount: response }],
    ...more,
  },
});

describe('a Gemini Live session', () => {
  it('is recognised at each of its addresses, with its model from the setup and no part of the query', () => {
    const meter = session();
    expect(meter.route).toEqual({
      provider: 'google',
      surface: 'live',
      endpoint: '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
      modelRequested: null,
    });
    expect(meter.facts()).toMatchObject({
      modelRequested: 'gemini-2.5-flash-native-audio',
      model: 'gemini-2.5-flash-native-audio',
      bodyTags: { team: 'voice' },
      streamed: true,
      usageSource: 'none',
      totalTokens: null,
    });
    expect(JSON.stringify({ ...meter.facts(), ...meter.route })).not.toContain('secret');
    for (const service of [
      'v1alpha.GenerativeService.BidiGenerateContentConstrained',
      'v1beta.GenerativeService.BidiGenerateContent',
    ])
      expect(
        openSessionMeter({
          upstream: { provider: 'google' },
          path: `/ws/google.ai.generativelanguage.${service}`,
          query: new URLSearchParams(),
        })?.route.surface,
      ).toBe('live');
  });

  it('adds up its turns, each of which is billed for the whole context', () => {
    const meter = session();
    tell(meter, { setupComplete: {} }, sound, over, usage(100, 20));
    expect(meter.facts()).toMatchObject({
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      usageSource: 'reported',
    });
    tell(meter, sound, usage(180, 30), over);
    tell(meter, sound, over, usage(260, 5, { thoughtsTokenCount: 7, totalTokenCount: 272 }));
    expect(meter.turns()).toBe(3);
    expect(meter.facts()).toMatchObject({
      inputTokens: 540,
      outputTokens: 62,
      reasoningTokens: 7,
      totalTokens: 602,
      usageSource: 'derived',
      usageMismatch: false,
      modalities: { input: { AUDIO: 540 }, output: { AUDIO: 55 } },
    });
  });

  it('takes the last values of a turn that tells its usage several times, before and after its end', () => {
    const meter = session();
    tell(meter, sound, usage(100, 4), sound, usage(100, 9), over, usage(100, 12), usage(100, 12));
    expect(meter.facts()).toMatchObject({ inputTokens: 100, outputTokens: 12, totalTokens: 112 });
    expect(meter.turns()).toBe(1);
  });

  it('begins a new turn when usage with another prompt follows an ended one', () => {
    const meter = session();
    tell(meter, sound, usage(100, 4), over, usage(140, 6));
    expect(meter.facts()).toMatchObject({ inputTokens: 240, outputTokens: 10 });
  });

  it('keeps what an interrupted turn and a session that broke off had told', () => {
    const meter = session();
    tell(meter, sound, usage(50, 3), { serverContent: { interrupted: true } }, over, sound, usage(80, 2));
    meter.serverMessage(Buffer.from('{"usageMetadata":{"promptTokenCount":9'), false, 9);
    expect(meter.facts()).toMatchObject({ inputTokens: 130, outputTokens: 5 });
  });

  it('reads text and binary messages, whole or in fragments of any size', () => {
    const bytes = json({ ...sound, ...usage(7, 2) });
    for (const size of [1, 7, 1_000, bytes.length]) {
      const meter = session();
      for (let at = 0; at < bytes.length; at += size)
        meter.serverMessage(bytes.subarray(at, at + size), at + size >= bytes.length, 3);
      expect(meter.facts()).toMatchObject({ inputTokens: 7, outputTokens: 2, ttftMs: 3 });
      expect(meter.parseFailures()).toBe(0);
    }
  });

  it('notes the first thing the model made, and none before', () => {
    const meter = session();
    meter.serverMessage(json({ setupComplete: {} }), true, 1);
    meter.serverMessage(json({ serverContent: { inputTranscription: { text: 'hello' } } }), true, 2);
    expect(meter.firstTokenMs()).toBeNull();
    meter.serverMessage(json({ toolCall: { functionCalls: [{ name: 'f' }] } }), true, 3);
    meter.serverMessage(json(sound), true, 4);
    expect(meter.firstTokenMs()).toBe(3);
  });

  it('counts searches by turn, and the tier that was served', () => {
    const meter = session();
    const grounded = { serverContent: { groundingMetadata: { webSearchQueries: ['a', 'b', 'a'] } } };
    tell(meter, sound, grounded, usage(10, 1, { serviceTier: 'PRIORITY' }), over, sound, grounded, usage(20, 1), over);
    expect(meter.facts()).toMatchObject({ units: { webSearches: 4, groundedPrompts: 2 }, serviceTier: 'priority' });
  });

  it('does not read what the client sends after its setup', () => {
    const meter = session();
    for (let count = 0; count < 50; count += 1) {
      meter.clientMessage(Buffer.from('{"realtimeInput":{"audio":{"data":"AAAA'), false);
      meter.clientMessage(Buffer.from('not json at all'), false);
      meter.clientMessage(Buffer.from('"}}}'), true);
    }
    meter.clientMessage(json({ setup: { model: 'models/other' } }), true);
    expect(meter.facts().modelRequested).toBe('gemini-2.5-flash-native-audio');
    expect(meter.parseFailures()).toBe(0);
  });

  it('marks a sum in which one turn could not be read, and invents nothing for it', () => {
    const meter = session();
    tell(meter, sound, usage(10, 1), over, sound, usage(-4, 1), over, sound, usage(30, 1), over);
    expect(meter.facts()).toMatchObject({
      inputTokens: 40,
      outputTokens: 2,
      usageMismatch: true,
      usageSource: 'derived',
    });
    const broken = session();
    tell(broken, sound, usage(Number.NaN, 1.5), over);
    expect(broken.facts()).toMatchObject({ totalTokens: null, usageSource: 'none', usageFault: 'invalid_count' });
  });

  it('is not thrown off by messages that are nothing of the kind', () => {
    const meter = session();
    for (const text of ['', '[]', 'null', '{', '"x"', '{"usageMetadata":[]}', '{"serverContent":7}', '\u0000\u0001'])
      meter.serverMessage(Buffer.from(text), true, 1);
    expect(meter.facts()).toMatchObject({ totalTokens: null, usageSource: 'none' });
    tell(meter, sound, usage(3, 1));
    expect(meter.facts()).toMatchObject({ totalTokens: 4 });
  });
});

it('knows no session at an address that opens none', () => {
  const query = new URLSearchParams();
  for (const [provider, other] of [
    ['google', '/v1beta/models/gemini-2.5-flash:generateContent'],
    ['openai', '/v1/chat/completions'],
    ['anthropic', '/v1/messages'],
    ['other', '/socket'],
  ] as const)
    expect(openSessionMeter({ upstream: { provider }, path: other, query })).toBeNull();
});
