import { createGzip, gzipSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../contract/usage-record.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

interface Exchange {
  readonly provider?: Provider;
  readonly path?: string;
  readonly request?: string | Buffer;
  readonly requestHeaders?: readonly string[];
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly response: string | Buffer;
}

const json = ['content-type', 'application/json'];
const sse = ['content-type', 'text/event-stream'];
const gemini = '/v1beta/models/gemini-2.5-flash:generateContent';
const geminiStream = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';

async function facts({
  provider = 'google',
  path = gemini,
  request = '',
  requestHeaders = [],
  status = 200,
  headers = json,
  response,
}: Exchange): Promise<UsageFacts> {
  const tap = openUsageTap({ upstream: { provider }, method: 'POST', path, requestHeaders });
  tap.requestChunk(Buffer.from(request));
  tap.responseHead(status, headers);
  tap.responseChunk(Buffer.from(response), 1);
  return tap.finish(true);
}

const withUsage = (usage: string): string => `{"usageMetadata":${usage},"modelVersion":"gemini-2.5-flash"}`;
const nothing = {
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  cachedInputTokens: null,
  usageSource: 'none',
};

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

describe('long bodies', () => {
  const megabytes = (count: number): string => 'QUJD'.repeat((count * 1024 * 1024) / 4);

  it('are read without keeping them: 20 MB of base64 in request and response', async () => {
    const request = `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"${megabytes(20)}"}},{"text":"\\"model\\":\\"evil\\""}]}],"model":"gpt-5","user":"u1","stream":false}`;
    const response = `{"choices":[{"message":{"content":"${megabytes(20)}"},"finish_reason":"stop"}],"model":"gpt-5","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}`;
    expect(await facts({ provider: 'openai', path: '/v1/chat/completions', request, response })).toMatchObject({
      modelRequested: 'gpt-5',
      bodyUser: 'u1',
      inputTokens: 3,
      outputTokens: 4,
      finishReason: 'stop',
    });
  });

  it('are read in one SSE event with an image in it', async () => {
    const event = `{"type":"response.completed","response":{"status":"completed","model":"gpt-5","output":[{"result":"${megabytes(3)}"}],"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}}`;
    expect(
      await facts({
        provider: 'openai',
        path: '/v1/responses',
        headers: sse,
        response: `event: response.completed\ndata: ${event}\n\n`,
      }),
    ).toMatchObject({ inputTokens: 3, outputTokens: 4 });
  });

  it('skip an SSE event beyond the cap and read the next one', async () => {
    const small = `data: ${withUsage('{"promptTokenCount":4,"totalTokenCount":4}')}\n\n`;
    expect(
      await facts({ path: geminiStream, headers: sse, response: `data: {"x":"${megabytes(33)}"}\n\n${small}` }),
    ).toMatchObject({ inputTokens: 4 });
  });

  it('that unpack to more than the cap are given up, not unpacked', async () => {
    const bomb = gzipSync(`{"x":"${megabytes(40)}","usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}`);
    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(await facts({ response: bomb, headers: [...json, 'content-encoding', 'gzip'] })).toMatchObject(nothing);
  });

  it('that unpack to a few megabytes are read', async () => {
    const body = gzipSync(
      `{"x":"${megabytes(4)}","usageMetadata":{"promptTokenCount":4,"totalTokenCount":4},"y":"${megabytes(4)}"}`,
    );
    expect(await facts({ response: body, headers: [...json, 'content-encoding', 'gzip'] })).toMatchObject({
      inputTokens: 4,
    });
  });

  it('in compressed requests name their model', async () => {
    const request = gzipSync('{"model":"claude-sonnet-4-5","metadata":{"user_id":"u"}}');
    const result = await facts({
      provider: 'anthropic',
      path: '/v1/messages',
      request,
      requestHeaders: [...json, 'content-encoding', 'gzip'],
      response: '{}',
    });
    expect(result).toMatchObject({ modelRequested: 'claude-sonnet-4-5', model: 'claude-sonnet-4-5', bodyUser: 'u' });
  });
});

it('decodes a compressed stream as it arrives, not when it ends', async () => {
  const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path: geminiStream });
  tap.responseHead(200, [...sse, 'content-encoding', 'gzip']);
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.on('data', (chunk: Buffer) => tap.responseChunk(chunk, 7));
  gzip.write(
    'data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1,"totalTokenCount":6}}\n\n',
  );
  await expect.poll(() => tap.peek()).toMatchObject({ ttftMs: 7, inputTokens: 5, outputTokens: 1 });
  expect(tap.firstTokenMs()).toBe(7);
  gzip.destroy();
  expect(await tap.finish(false)).toMatchObject({ inputTokens: 5, outputTokens: 1 });
});

it('finds the token in a compressed JSON array when it comes, not when the array ends', async () => {
  const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path: geminiStream });
  tap.responseHead(200, [...json, 'content-encoding', 'gzip']);
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.on('data', (chunk: Buffer) => tap.responseChunk(chunk, 9));
  gzip.write(
    '[{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}\n,',
  );
  await expect.poll(() => tap.firstTokenMs()).toBe(9);
  gzip.destroy();
  expect(await tap.finish(false)).toMatchObject({ inputTokens: 5, streamed: true });
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
