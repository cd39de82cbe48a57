import { constants, createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';
import { facts, geminiStream, json, nothing, sse, withUsage } from './exchange-facts.ts';

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
