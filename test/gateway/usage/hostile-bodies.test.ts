import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../contract/usage-record.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';
import { facts, geminiStream, json, nothing, sse, withUsage } from './exchange-facts.ts';

describe('counts that are no counts', () => {
  it.each(['-5', '1.5', '1e400', '9007199254740993', '"12"', 'true', '[]', '{}'])(
    'make %s an unknown, not a number',
    async (value) => {
      expect(
        await facts({
          response: withUsage(`{"promptTokenCount":${value},"candidatesTokenCount":3,"totalTokenCount":8}`),
        }),
      ).toMatchObject(nothing);
      expect(
        await facts({
          provider: 'openai',
          path: '/v1/chat/completions',
          response: `{"usage":{"prompt_tokens":1,"completion_tokens":${value}}}`,
        }),
      ).toMatchObject(nothing);
      expect(
        await facts({
          provider: 'anthropic',
          path: '/v1/messages',
          response: `{"usage":{"input_tokens":1,"output_tokens":${value}}}`,
        }),
      ).toMatchObject(nothing);
    },
  );

  it('do not overflow when parts are huge', async () => {
    const huge = String(Number.MAX_SAFE_INTEGER);
    expect(
      await facts({ response: withUsage(`{"promptTokenCount":${huge},"candidatesTokenCount":${huge}}`) }),
    ).toMatchObject(nothing);
  });

  it('leave out modalities that make no sense', async () => {
    const usage =
      '{"promptTokenCount":4,"totalTokenCount":4,"promptTokensDetails":[{"modality":"TEXT","tokenCount":-1},{"modality":"say hello","tokenCount":2},null,7]}';
    expect((await facts({ response: withUsage(usage) })).modalities).toBeNull();
  });
});

describe('bodies that are not what they claim', () => {
  it.each([
    '',
    ' ',
    'null',
    '[]',
    '42',
    '"text"',
    '{',
    '{"usageMetadata":',
    '<html>oops</html>',
    '{"candidates": [ this is not json',
    '\u0000\u0001',
    '{"usageMetadata":null}',
    '{"usageMetadata":[1]}',
  ])('%j counts nothing', async (response) => {
    expect(await facts({ response })).toMatchObject(nothing);
    expect(await facts({ response, headers: sse })).toMatchObject(nothing);
    expect(await facts({ response, status: 500 })).toMatchObject(nothing);
  });

  it('in an encoding that is wrong or unknown count nothing', async () => {
    const body = withUsage('{"promptTokenCount":4,"totalTokenCount":4}');
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'compress', 'gzip, snappy', 'gzip,gzip,gzip,gzip,gzip']) {
      expect(await facts({ response: body, headers: [...json, 'content-encoding', encoding] })).toMatchObject(nothing);
      expect(
        await facts({ response: `data: ${body}\n\n`, headers: [...sse, 'content-encoding', encoding] }),
      ).toMatchObject(nothing);
    }
  });

  it('with random bytes never make the tap throw', async () => {
    const anyHeaders = fc.constantFrom(
      json,
      sse,
      [...json, 'content-encoding', 'gzip'],
      [...sse, 'content-encoding', 'br'],
      ['content-type', 'image/png'],
      [],
    );
    const anyRoute = fc.constantFrom<readonly [Provider, string]>(
      ['google', geminiStream],
      ['openai', '/v1/responses'],
      ['anthropic', '/v1/messages'],
      ['other', '/x'],
    );
    await fc.assert(
      fc.asyncProperty(
        anyRoute,
        anyHeaders,
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 100, max: 599 }),
        async ([provider, path], headers, bytes, status) => {
          const result = await facts({
            provider,
            path,
            headers,
            status,
            request: Buffer.from(bytes),
            response: Buffer.from(bytes),
          });
          expect(result.usageSource).toBe('none');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with any JSON where a member is expected never make the tap throw', async () => {
    const members = [
      'usageMetadata',
      'candidates',
      'promptFeedback',
      'error',
      'usage',
      'choices',
      'response',
      'message',
      'delta',
      'type',
      'model',
      'status',
      'interaction',
      'service_tier',
    ];
    const body = fc.dictionary(fc.constantFrom(...members), fc.jsonValue());
    const anyRoute = fc.constantFrom<readonly [Provider, string]>(
      ['google', geminiStream],
      ['google', '/v1beta/interactions'],
      ['openai', '/v1/responses'],
      ['openai', '/v1/chat/completions'],
      ['anthropic', '/v1/messages'],
    );
    await fc.assert(
      fc.asyncProperty(anyRoute, body, async ([provider, path], value) => {
        const tap = openUsageTap({ upstream: { provider }, method: 'POST', path });
        tap.requestChunk(Buffer.from(JSON.stringify(value)));
        tap.responseHead(200, sse);
        tap.responseChunk(Buffer.from(`data: ${JSON.stringify(value)}\n\n`), 1);
        await tap.finish(true);
        expect(tap.parseFailures()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

it('counts the last event of a stream that ends without a blank line', async () => {
  for (const ending of ['', '\n', '\r\n']) {
    const response = `data: ${withUsage('{"promptTokenCount":4,"totalTokenCount":4}')}${ending}`;
    expect(await facts({ path: geminiStream, headers: sse, response })).toMatchObject({ inputTokens: 4 });
  }
});

it('counts no usage in the body of a failed call', async () => {
  const response =
    '{"error":{"code":"bad"},"model":"gpt-5","usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}';
  const failed = await facts({ provider: 'openai', path: '/v1/chat/completions', status: 400, response });
  expect(failed).toMatchObject({ ...nothing, errorCode: 'bad', outcomeHint: null });
});

it('refuses free text where a code, a tier or a model stands', async () => {
  const response = '{"error":{"status":"my prompt was: hello world","code":400}}';
  expect((await facts({ response, status: 400 })).errorCode).toBeNull();
  const chat = '{"model":"tell me about cats","choices":[{"finish_reason":"some long text"}],"service_tier":"a b"}';
  expect(await facts({ provider: 'openai', path: '/v1/chat/completions', response: chat })).toMatchObject({
    model: null,
    finishReason: null,
    serviceTier: null,
  });
});

it('bounds the caller a body names and removes control characters', async () => {
  const request = JSON.stringify({ model: 'gpt-5', user: `a\u0000\r\n${'b'.repeat(500)}` });
  const { bodyUser } = await facts({ provider: 'openai', path: '/v1/chat/completions', request, response: '{}' });
  expect(bodyUser).toBe(`a${'b'.repeat(127)}`);
});

it('reads an unknown API for nothing but the code of an error', async () => {
  expect(
    await facts({
      provider: 'other',
      path: '/x',
      status: 402,
      response: '{"error":{"code":"no_credit","message":"secret"}}',
    }),
  ).toMatchObject({ ...nothing, errorCode: 'no_credit' });
});
